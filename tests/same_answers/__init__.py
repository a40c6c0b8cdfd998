"""Record what the site answers, and compare two recordings: the proof that a tidying changes nothing.

    python -m tests.same_answers record BEFORE.jsonl.gz     # in the tree of before
    python -m tests.same_answers record AFTER.jsonl.gz      # in the tree of after
    python -m tests.same_answers compare BEFORE.jsonl.gz AFTER.jsonl.gz

Each tree makes its own database from its fixtures in a temporary VAR_DIR, then the same people do the same things at
the desk, by its forms; all public addresses and all pages of the desk are asked, and each answer is kept by who asked
for what. To be of use in both trees this package knows addresses, headings, labels and buttons, and no module of the
site but its settings and its urlconf: copy it into a tree that has none (git worktree add ../before COMMIT, then
cp -r tests/same_answers ../before/tests/).

`record` ends with 1 where a pattern of the urlconf was never asked or an answer was a fault of ours, `compare` where
two recordings differ. What may differ without a word stands in rules.py, in one list.
"""
