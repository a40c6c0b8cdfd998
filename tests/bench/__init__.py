"""What the site costs, measured beside yardsticks of the same run: `make bench`. No test, and no goal, stands here."""

# The yardsticks: a view that asks nothing of anyone, the cards of a page without facets, and the list,
# said in the log each time that it is computed.
BARE, CARDS, COMPLETENESS_FIELDS = "/etalon/vide", "/etalon/fiches", "/etalon/liste"
