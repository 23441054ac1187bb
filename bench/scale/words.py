"""The words that synthetic names are put together from: given and family names by origin, clinics, streets.

The people are made up; the names are common ones of the region. In each list the more frequent names come first.
"""

# Origin → (its share of physicians in percent, given names, family names).
ORIGINS: dict[str, tuple[float, str, str]] = {
    "german": (
        62,
        "Thomas Michael Andreas Stefan Anna Julia Christian Katharina Sabine Markus Claudia Susanne Matthias "
        "Petra Laura Alexander Lena Johanna Frank Jürgen Florian Sebastian Birgit Monika Klaus Peter Ulrike "
        "Martina Christina Felix Tobias Lukas Sarah Lisa Eva Barbara Bernd Wolfgang Uwe Heike Anja Kerstin Nina "
        "Miriam Franziska Jan Jens Sven Torsten Ralf Dirk Karin Gabriele Angelika Ute Silke Elisabeth Maria "
        "Theresa Charlotte Friederike Henrike Hannah Sophie Marlene Greta Clara Paula Helene Ida Frieda Jonas "
        "Maximilian Moritz Jakob Anton Emil Leonhard Konstantin Benedikt Korbinian Gottfried Heinrich Hildegard "
        "Irmgard Rosemarie Gerlinde Jörg Björn Götz Käthe Bärbel Hans-Peter Karl-Heinz Anna-Lena Eva-Maria "
        "Marie-Luise Hans-Jürgen Ann-Kathrin Karl-Friedrich Anne-Sophie Lutz Volker Wiebke Silvia Sonja Verena "
        "Regula Urs Beat Reto Ueli Annelies",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter "
        "Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann "
        "Köhler Maier Herrmann König Walter Mayer Huber Kaiser Fuchs Lang Scholz Möller Weiß Jung Hahn Vogel "
        "Friedrich Keller Günther Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Böhm Winter "
        "Kraus Schumacher Krämer Vogt Stein Jäger Sommer Groß Seidel Brandt Haas Schreiber Graf Dietrich Ziegler "
        "Kühn Pohl Engel Horn Busch Bergmann Voigt Sauer Arnold Pfeiffer Thiel Ernst Lindner Hübner Kurz Ebert "
        "Frank Kramer Nagel Hermann Seifert Riedel Bachmann Kern Wendt Kuhn Peters Bader Noack Hein Schenk Beyer "
        "Ulrich Fritz Barth Ott Kirsch Kaufmann Blum Dreyer Heller Steiner Gruber Pichler Moser Hofer Leitner "
        "Egger Eder Brunner Wimmer Auer Lechner Schwaiger Aigner Reiter Haider Wallner Bichler Lackner Holzer "
        "Ebner Ammann Gerber Bühler Frei Zürcher Baumgartner Wyss Suter Meier Kunz Frey Hug Bieri Bucher Sutter "
        "Portmann Zimmerli Aebi Odermatt Hürlimann Imhof Kälin Betschart Räber Lüthi Tanner Stalder Ritter Hauser "
        "Vetter Kessler Strobel Hirsch Pfister Gerlach Stark Adler Vollmer Rau Kästner Nowak Janssen Petersen "
        "Hansen Carstens Lührs Brinkmann Overbeck Westphal Tiedemann Schlüter Hinrichs Clausen Detlefsen Behrens",
    ),
    "turkish": (
        7,
        "Mehmet Ayşe Mustafa Fatma Ahmet Zeynep Elif Emre Deniz Can Selin Murat Hülya Özlem Cem Gülşen Burak "
        "Yasemin Serkan Ece Tülay Onur Çiğdem Kaan Şirin",
        "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara "
        "Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Aktaş Ünal Güler Bulut Keskin",
    ),
    "polish": (
        5,
        "Piotr Agnieszka Krzysztof Małgorzata Tomasz Katarzyna Paweł Magdalena Łukasz Ewa Marcin Joanna Grzegorz "
        "Beata Jarosław Dorota Wojciech Zofia",
        "Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski "
        "Kozłowski Jankowski Mazur Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński "
        "Wróbel Majewski Olszewski Stępień Malinowski Jaworski Sikora",
    ),
    "italian": (
        4,
        "Marco Giulia Alessandro Francesca Luca Chiara Matteo Paola Davide Elena Giovanni Silvana Andrea Federica "
        "Stefano Ilaria Nicolò Letizia",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano "
        "Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martinelli "
        "Leone Longo",
    ),
    "south_slavic": (
        4,
        "Marko Ivana Nikola Jelena Ivan Milica Goran Dragana Zoran Vesna Dejan Snežana Luka Mirjana Tihomir "
        "Željka Đorđe Biljana",
        "Horvat Kovačević Babić Marić Jurić Novak Knežević Petrović Jovanović Nikolić Marković Đorđević "
        "Stojanović Ilić Stanković Pavlović Milošević Popović Tomić Vuković Božić Šarić Perić Bošnjak Hadžić "
        "Begić Mešić Krasniqi Gashi Hoxha Berisha Shala",
    ),
    "english": (
        5,
        "James Emily John Sarah-Jane William Olivia David Grace Robert Emma Daniel Rachel Kevin Heather Brian "
        "Ashley Scott Megan Patrick Fiona",
        "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson White Harris "
        "Thompson Clark Robinson Wright Walker Hall Young King Green Baker Carter Mitchell Roberts Turner "
        "Phillips Campbell Parker Evans Edwards Collins Murphy Kelly Cooper Reed",
    ),
    "french": (
        3,
        "Pierre Céline Jean-Luc François Amélie Étienne Hélène Benoît Mathilde Guillaume Aurélie Noémie Thibault "
        "Sylvie Jérôme Margaux",
        "Dubois Durand Leroy Moreau Laurent Lefebvre Garnier Faure Rousseau Blanc Guérin Boyer Chevalier Fournier "
        "Girard Mercier Favre Rochat Cuénoud Jaccard Monnier Perret Chappuis Berthoud Dufour",
    ),
    "arabic": (
        3,
        "Mohamed Fatima Omar Layla Khaled Amina Youssef Nour Samir Rania Tarek Yasmin Bilal Hala Karim Dalia",
        "Haddad Khoury Mansour Hassan Saleh Nasser Darwish Khalil Hamdan Sabbagh Najjar Barakat Qasim Rahman "
        "Shaheen Azzam Fares Habib Zaidan Masri Halabi Jaber Karam Tawil",
    ),
    "persian": (
        2,
        "Ali Maryam Reza Shirin Hossein Parisa Amir Nasrin Dariush Leila Kamran Azadeh Behrouz Mahsa",
        "Ahmadi Hosseini Mohammadi Karimi Rahimi Moradi Jafari Rezaei Sadeghi Ebrahimi Farahani Tehrani Shirazi "
        "Esfahani Kermani Tabrizi Golzar Nouri Rostami Zand",
    ),
    "east_slavic": (
        2,
        "Olga Dmitri Natalia Sergej Tatjana Wladimir Irina Oleksandr Oksana Svetlana Jewgeni Ljudmila Bohdan Halyna",
        "Iwanow Smirnow Kusnezow Popow Sokolow Lebedew Morosow Wolkow Fedorow Schewtschenko Bondarenko Kowalenko "
        "Tkatschenko Kravtschuk Melnyk Boiko Lysenko Savtschenko Rudenko Marchenko",
    ),
    "czech_hungarian": (
        2,
        "Jiří Lenka Tomáš Hana István Zsófia László Ágnes Gábor Eszter Miroslav Jitka Attila Kateřina",
        "Novotný Svoboda Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Nagy Kovács Tóth Szabó Horváth "
        "Varga Kiss Molnár Németh Farkas Balogh Papp Lakatos Takács",
    ),
    "iberian_greek": (
        1,
        "Carlos Carmen Javier Lucía João Inês Georgios Eleni Dimitrios Sofia Miguel Beatriz Kostas Ioanna",
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Díaz Silva Santos Ferreira "
        "Pereira Oliveira Papadopoulos Nikolaidis Georgiou Pappas Vasileiou Antoniou Karagiannis",
    ),
}

# Family names that lists of frequent ones lack, put together as German ones were: a stem and an ending.
FAMILY_STEMS = (
    "Eichen Buchen Linden Tannen Birken Erlen Eschen Weiden Ahorn Hasel Dorn Rosen Nessel Farn Moos Schilf Korn "
    "Roggen Hafer Hopfen Flachs Raps Heide Wiesen Acker Feld Berg Tal Hügel Fels Kiesel Sand Lehm Ton Kalk Salz "
    "Silber Gold Kupfer Eisen Blei Zinn Stahl Hammer Amboss Nadel Faden Woll Leinen Samt Leder Kessel Löffel "
    "Becher Krug Fass Reben Trauben Apfel Birn Kirsch Pflaumen Nuss Mandel Honig Wachs Bienen Hummel Käfer Falken "
    "Adler Raben Elster Amsel Finken Meisen Lerchen Schwanen Gänse Hahnen Hasen Fuchs Dachs Biber Otter Hirsch "
    "Reh Bären Luchs Wolfs Ross Widder Lamm Ochsen Stier Forellen Hecht Karpfen Aal Krebs Muschel Brunnen Quell "
    "Bach Fluss Mühl Brücken Steg Ufer Insel See Nebel Regen Schnee Frost Sturm Wind Sonnen Mond Stern Morgen "
    "Abend Winter Sommer Herbst Ober Unter Nieder Hoch Mitter Hinter Vorder Neu Alt Lang Kurz Breit Schmal Grün "
    "Blau Weiß Schwarz Rot Grau"
)
FAMILY_ENDINGS = (
    "berger bacher hauser maier müller hofer bauer huber leitner steiner felder taler rieder wieser moser gruber "
    "egger brunner lechner schmid wirth mann macher schläger binder gießer knecht vogt graf meister richter weber "
    "krämer wagner bach berg burg stein feld wald thal kamp brink horst rode ried moor furt brück heim haus hof "
    "dorf stedt beck loh busch strauch zweig blatt kern halm stock wurz garten wiese au eck rain stadl kofler "
    "mayr pichler reuter"
)

TITLES = ("", "Dr. med.", "Dr.", "Prof. Dr. med.", "PD Dr. med.", "Univ.-Prof. Dr.")
TITLE_WEIGHTS = (10, 55, 14, 12, 6, 3)
ROLES = (
    "Consultant",
    "Senior physician",
    "Head of department",
    "Physician",
    "Owner of the practice",
    "Visiting surgeon",
)

# (what comes before the place, what comes after it, kind of clinic, weight)
GERMAN_CLINICS = (
    ("Klinikum", "", "hospital", 6),
    ("Kreiskrankenhaus", "", "hospital", 3),
    ("Universitätsklinikum", "", "hospital", 1),
    ("St.-Anna-Krankenhaus", "", "hospital", 2),
    ("Lindenhof-Klinik", "", "hospital", 2),
    ("Klinik am Stadtpark", "", "hospital", 2),
    ("Fachklinik", "Süd", "hospital", 1),
    ("MVZ", "Mitte", "centre", 6),
    ("MVZ", "Nord", "centre", 4),
    ("Ärztehaus", "", "centre", 5),
    ("Tagesklinik", "", "centre", 3),
    ("Diagnostikzentrum", "", "centre", 2),
    ("Facharztpraxis", "", "practice", 12),
    ("Gemeinschaftspraxis", "", "practice", 9),
    ("Praxis am Markt", "", "practice", 6),
    ("Praxis am Bahnhof", "", "practice", 5),
    ("Praxisgemeinschaft", "West", "practice", 4),
)
ENGLISH_CLINICS = (
    ("Memorial Hospital of", "", "hospital", 4),
    ("Regional Hospital of", "", "hospital", 3),
    ("Riverside Hospital", "", "hospital", 2),
    ("Outpatient Center of", "", "centre", 5),
    ("Surgery Center of", "", "centre", 3),
    ("Medical Group of", "", "practice", 6),
    ("Specialist Practice of", "", "practice", 5),
)
GERMAN_STREETS = (
    "Hauptstraße Schulstraße Gartenstraße Bahnhofstraße Dorfstraße Bergstraße Lindenstraße Kirchstraße Ringstraße "
    "Waldstraße Wiesenweg Mühlweg Rosenweg Ahornweg Amselweg Parkallee Klinikallee Marktplatz Rathausplatz "
    "Schlossgasse"
)
ENGLISH_STREETS = "Main_Street Oak_Street Maple_Avenue Park_Avenue Cedar_Lane Lake_Drive Hill_Road Church_Street"
