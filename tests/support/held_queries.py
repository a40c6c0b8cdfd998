"""What visitors type, and the real entries that each query must find (there may be others).

Written from the titles of fixtures/initiatives.csv, by hand, before looking at what the search
gives. A number is the line of the entry among the 158, which is that of its reference: 4 is
CS20-00004.
"""

TELEWORK = {112, 113, 114, 117, 120, 121, 124, 125, 126, 128, 129, 136, 139, 147, 150, 154}
TABLETS = {1, 12, 14, 33, 47, 51}
COMPUTERS = {6, 24, 35, 36, 47, 49}
LIBRARIES = {16, 19, 21, 40, 45, 46}
MUTUAL_AID = {2, 5, 7, 17, 23, 37, 41, 42}
MARKETPLACES = {53, 55, 70, 71, 73, 77, 78, 104, 108, 110}
CYBERSECURITY = {118, 119, 122, 134, 136, 138, 141, 155, 156}
COUNCILS = {115, 123, 137, 142, 148}
OPEN_SHOPS = {56, 57, 75, 95, 102, 107}

HELD = [
    # territories: names with and without accents, hyphens and articles, codes, départements, regions
    ("Béthune", {4, 118}),
    ("bethune", {4, 118}),
    ("BÉTHUNE", {4, 118}),
    ("62", {4, 13, 65, 118}),
    ("62119", {4, 118}),
    ("97101", {27, 136}),
    ("guadeloupe", {27, 136}),
    ("2A", {14}),
    ("2b", {60}),
    ("corse", {14, 60}),
    ("saint egreve", {150, 151}),
    ("Saint-Égrève", {150, 151}),
    ("st egreve", {150, 151}),
    ("la rochelle", {90, 134}),
    ("l'île d'oléron", {75, 126}),
    ("ile d oleron", {75, 126}),
    ("hauts de seine", {3, 5, 17, 32, 81, 87, 95, 105, 133, 137, 144, 145}),
    ("Bretagne", {18, 82, 120, 135, 146, 155}),
    ("communauté urbaine", {88, 132}),
    ("béthune cybersécurité", {118}),
    # subjects: plurals, accents, elisions, ligatures
    ("télétravail", TELEWORK),
    ("teletravail", TELEWORK),
    ("télétrav", TELEWORK),
    ("vidéos", {29, 48, 153}),
    ("vidéo", {29, 48, 153}),
    ("visioconférences", {39, 115, 142, 143, 150}),
    ("conseil municipal", COUNCILS),
    ("conseils municipaux", COUNCILS),
    ("commerces ouverts", OPEN_SHOPS),
    ("commerce ouvert", OPEN_SHOPS),
    ("cartes interactives", {62, 66, 79}),
    ("masque", {8, 28}),
    ("masques", {8, 28}),
    ("vaccination", {18}),
    ("tablette", TABLETS),
    ("tablettes", TABLETS),
    ("ordinateur", COMPUTERS),
    ("médiathèque", LIBRARIES),
    ("mediatheques", LIBRARIES),
    ("cyberattaque", {119, 122}),
    ("rançongiciels", {141, 156}),
    ("rancongiciel", {141, 156}),
    ("hameçonnage", {155}),
    ("l'entraide", MUTUAL_AID),
    ("plateforme d’entraide", {5, 41, 42}),
    ("vœux", {153, 157}),
    ("voeux", {153, 157}),
    ("livraisons à domicile", {63, 82, 84, 109}),
    ("chèques-cadeaux", {64}),
    ("cheque cadeau", {64}),
    ("bons d'achat", {76, 93, 111}),
    ("sondages", {135}),
    ("langue des signes", {137}),
    ("cybersécurité", CYBERSECURITY),
    ("inclusion numérique", {11, 13, 14, 26, 43}),
    ("conseillers numériques", {26, 44}),
    ("réunion publique", {144}),
    ("prêt d'ordinateurs", {24, 35, 49}),
    # tools and names
    ("facebook", {2, 25, 45, 52, 109, 116, 123, 137, 146, 148}),
    ("YouTube", {29, 115, 142, 153}),
    ("zoom", {31, 39, 144}),
    ("beegift", {64, 72, 76, 93, 111}),
    ("ma ville mon shopping", {59, 71, 80, 87, 96, 104}),
    ("Click'n CO", {73}),
    ("QR code", {111}),
    ("sms", {43, 86}),
    # synonyms that staff keep
    ("travail à distance", TELEWORK),
    ("visio", {14, 39, 115, 142, 143, 150}),
    ("place de marché", MARKETPLACES),
    ("marketplace", MARKETPLACES),
    ("robot conversationnel", {133, 152}),
    ("chatbot", {133, 152}),
    ("seniors", {14, 30}),
    ("personnes âgées", {14, 30}),
    ("sécurité informatique", CYBERSECURITY),
    ("fracture numérique", {11, 13, 14, 26, 43}),
    ("agriculteurs", {61, 81, 106}),
    ("click and collect", {38, 54, 61, 62, 69}),
]
