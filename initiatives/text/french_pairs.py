"""Pairs of French letters of which one has an accent or is a sign of French, by how frequent they are.

Counted in lower case in the names of communes and intercommunalities, in the entries and in the texts of the site; a
blank stands for what is neither. The number is the logarithm of the count.
"""

WEIGHTS = {
    9: " é|ré|é ",
    8: "iè|lè|lé|mé|né|té|èr|ès|éc|ée|ég|ér",
    7: " à|bé|dé|d’|gé|hâ|hé|hô|l’|pé|rè|sé|à |ât|éd|él|ém|én|ép|és|ét|év|ôt|’a",
    6: "cé|cô|fé|hè|ié|nç|oë|rç|rê|ué|vé|zé|ça|ço|èv|éa|éb|éo|éz|êt|ôn|’e",
    5: " «| »| î|aô|bè|cè|dè|e |gâ|gè|mè|mê|nè|n’|oî|oû|pè|s |sè|s’|tè|uè|uë|u’|vè|vê|yè|yé|zè|« |» |âc|èc|è"
    "d|èg|èm|èn|èq|èz|éf|éh|éj|éq|êm|ên|êq|ël|îl|ît|ôm|ût|œu|’i|’o|’u|’é",
    4: " è| ê| €|aë|aî|aï|bâ|bœ|cœ|eç|fè|hê|jà|mâ|où|pô|râ|rô|rû|t |tô|uê|âl|çu|èl|èt|éu|éé|êc|ën|ër|ët|ëv|î"
    "n|ôl|ôp|ù |ûl|’h|… |€ ",
    3: " a| l| â| ç| œ|aà|aâ|aç|cî|c’|dô|fê|gœ|hœ|jé|l |là|lâ|lê|n |n°|nê|nœ|oé|pâ|rœ|r…|tê|uç|vô|vœ|xé|° |à"
    "s|âg|ân|èb|èp|ë |ëc|ës|ïs|ô |ôv|û |ûr|ÿ |œn|œr|’y|’à",
    2: " b| c| m| ô| –|aü|aÿ|bô|bû|d |dê|dû|dœ|eû|e…|iâ|i’|j’|ké|kœ|lç|lô|lœ|mô|mû|mœ|nâ|nî|nô|oè|oï|oô|oÿ|p"
    "ê|r |sô|sû|sœ|tâ|uâ|uî|wœ|x |âb|âp|âq|âr|âv|éi|éâ|êl|ëd|ëg|ëm|ëx|ëz|îc|îm|ïb|ïc|ïg|ït|ïx|üs|œd|œi|œl"
    "|œs|œt|– |’t|’ê|’î",
    1: " d| n| p| u| …|bî|c |cê|dî|eü|e’|f |fâ|gü|jâ|jû|kê|k’|lû|m |o |oê|pî|pœ|sâ|sç|s…|tœ|u |wé|zê|âm|è |è"
    "f|èk|éx|éy|êp|êr|ëf|ïd|ïe|ïl|ïn|ôg|ûc|üe|ül|üé|œf|œg|’ |’c|’n",
}
