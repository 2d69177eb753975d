"""The small real world that the corpus talks about: plain tables, no logic beyond reading them.

Every name belongs to one place only (a second "Portland" is left out), so that each fact has one answer.
"""

# state | abbreviation | region | capital | cities
_STATES = """
Alabama|AL|South|Montgomery|Birmingham Mobile Huntsville Tuscaloosa Hoover Dothan Decatur Gadsden
Alaska|AK|West|Juneau|Anchorage Fairbanks Sitka Ketchikan Wasilla Kenai Kodiak Bethel
Arizona|AZ|West|Phoenix|Tucson Mesa Chandler Scottsdale Gilbert Tempe Yuma Flagstaff
Arkansas|AR|South|Little Rock|Fayetteville Springdale Jonesboro Conway Rogers Bentonville Paragould Searcy
California|CA|West|Sacramento|Oakland Fresno Anaheim Stockton Bakersfield Irvine Modesto Berkeley Malibu
Colorado|CO|West|Denver|Boulder Aurora Lakewood Pueblo Greeley Loveland Aspen Durango
Connecticut|CT|Northeast|Hartford|Bridgeport Stamford Waterbury Norwalk Danbury Bristol Meriden Milford
Delaware|DE|South|Dover|Wilmington Lewes Seaford Smyrna Georgetown Elsmere Middletown
Florida|FL|South|Tallahassee|Miami Orlando Tampa Jacksonville Gainesville Pensacola Sarasota Ocala
Georgia|GA|South|Atlanta|Savannah Macon Marietta Roswell Valdosta Alpharetta Dalton Brunswick
Hawaii|HI|West|Honolulu|Hilo Kailua Kapolei Waipahu Kahului Lahaina Kihei Wailuku
Idaho|ID|West|Boise|Meridian Nampa Pocatello Caldwell Rexburg Hailey Sandpoint Ketchum
Illinois|IL|Midwest|Springfield|Chicago Naperville Joliet Rockford Peoria Elgin Evanston Champaign
Indiana|IN|Midwest|Indianapolis|Evansville Fishers Bloomington Hammond Gary Muncie Kokomo Carmel
Iowa|IA|Midwest|Des Moines|Davenport Dubuque Ames Waterloo Ankeny Clinton Ottumwa Burlington
Kansas|KS|Midwest|Topeka|Wichita Olathe Lawrence Salina Hutchinson Lenexa Emporia Manhattan
Kentucky|KY|South|Frankfort|Louisville Lexington Owensboro Covington Paducah Hopkinsville Ashland Elizabethtown
Louisiana|LA|South|Baton Rouge|Shreveport Lafayette Metairie Kenner Monroe Houma Slidell Ruston
Maine|ME|Northeast|Augusta|Bangor Auburn Biddeford Sanford Brewer Saco Waterville Lewiston
Maryland|MD|South|Annapolis|Baltimore Rockville Frederick Gaithersburg Bowie Hagerstown Towson Bethesda
Massachusetts|MA|Northeast|Boston|Worcester Lowell Brockton Quincy Lynn Somerville Newton Cambridge
Michigan|MI|Midwest|Lansing|Detroit Flint Dearborn Livonia Kalamazoo Saginaw Pontiac Warren
Minnesota|MN|Midwest|Saint Paul|Minneapolis Duluth Mankato Eagan Plymouth Edina Bemidji Winona
Mississippi|MS|South|Jackson|Gulfport Biloxi Hattiesburg Tupelo Southaven Natchez Vicksburg Pascagoula
Missouri|MO|Midwest|Jefferson City|Independence Branson Joplin Florissant Sedalia Hannibal Liberty Chesterfield
Montana|MT|West|Helena|Billings Missoula Bozeman Butte Kalispell Havre Whitefish Livingston
Nebraska|NE|Midwest|Lincoln|Omaha Kearney Fremont Hastings Papillion Ogallala Chadron Beatrice
Nevada|NV|West|Carson City|Reno Henderson Sparks Elko Mesquite Fernley Ely Laughlin
New Hampshire|NH|Northeast|Concord|Nashua Keene Laconia Portsmouth Derry Exeter Merrimack Claremont
New Jersey|NJ|Northeast|Trenton|Newark Paterson Elizabeth Camden Princeton Hoboken Passaic Bayonne
New Mexico|NM|West|Santa Fe|Albuquerque Farmington Clovis Hobbs Alamogordo Carlsbad Gallup Taos
New York|NY|Northeast|Albany|Buffalo Rochester Yonkers Syracuse Ithaca Utica Schenectady Brooklyn
North Carolina|NC|South|Raleigh|Charlotte Durham Greensboro Asheville Cary Hickory Gastonia Boone
North Dakota|ND|Midwest|Bismarck|Fargo Minot Williston Dickinson Mandan Jamestown Wahpeton
Ohio|OH|Midwest|Columbus|Cleveland Cincinnati Toledo Akron Dayton Canton Youngstown Mansfield
Oklahoma|OK|South|Oklahoma City|Tulsa Norman Lawton Edmond Enid Stillwater Muskogee Moore
Oregon|OR|West|Salem|Portland Eugene Gresham Hillsboro Bend Medford Corvallis Astoria
Pennsylvania|PA|Northeast|Harrisburg|Philadelphia Pittsburgh Allentown Erie Scranton Reading Lancaster Bethlehem
Rhode Island|RI|Northeast|Providence|Warwick Cranston Pawtucket Newport Woonsocket Westerly Cumberland Barrington
South Carolina|SC|South|Columbia|Greenville Spartanburg Sumter Aiken Anderson Clemson Beaufort Easley
South Dakota|SD|Midwest|Pierre|Aberdeen Brookings Watertown Mitchell Yankton Huron Vermillion Deadwood
Tennessee|TN|South|Nashville|Memphis Knoxville Chattanooga Clarksville Murfreesboro Franklin Cookeville Kingsport
Texas|TX|South|Austin|Dallas Houston Lubbock Laredo Amarillo Arlington Plano Galveston Waco
Utah|UT|West|Salt Lake City|Provo Ogden Orem Sandy Logan Moab Layton Lehi
Vermont|VT|Northeast|Montpelier|Rutland Brattleboro Bennington Barre Stowe Winooski Middlebury Newfane
Virginia|VA|South|Richmond|Norfolk Chesapeake Roanoke Hampton Lynchburg Danville Charlottesville Williamsburg
Washington|WA|West|Olympia|Seattle Spokane Tacoma Bellevue Everett Kent Yakima Renton
West Virginia|WV|South|Charleston|Huntington Morgantown Wheeling Parkersburg Martinsburg Beckley Fairmont Weirton
Wisconsin|WI|Midwest|Madison|Milwaukee Racine Kenosha Appleton Waukesha Oshkosh Janesville Sheboygan
Wyoming|WY|West|Cheyenne|Casper Laramie Gillette Sheridan Cody Riverton Rawlins Powell
"""

# country (with its article, if it has one) | capital | language | currency | cities
_COUNTRIES = """
France|Paris|French|euro|Lyon Marseille Toulouse Nice Bordeaux Lille
Spain|Madrid|Spanish|euro|Barcelona Seville Valencia Bilbao Malaga
Portugal|Lisbon|Portuguese|euro|Porto Braga Coimbra Faro
Germany|Berlin|German|euro|Munich Hamburg Cologne Dresden Leipzig
Italy|Rome|Italian|euro|Milan Naples Turin Venice Florence
Greece|Athens|Greek|euro|Patras Heraklion Larissa Volos
the Netherlands|Amsterdam|Dutch|euro|Rotterdam Utrecht Eindhoven Leiden
Austria|Vienna|German|euro|Graz Linz Salzburg Innsbruck
Finland|Helsinki|Finnish|euro|Tampere Turku Oulu Espoo
Ireland|Dublin|English|euro|Cork Galway Limerick
Poland|Warsaw|Polish|zloty|Krakow Gdansk Wroclaw Poznan
Sweden|Stockholm|Swedish|krona|Gothenburg Malmo Uppsala
Norway|Oslo|Norwegian|krone|Bergen Trondheim Stavanger
Denmark|Copenhagen|Danish|krone|Aarhus Odense Aalborg
Iceland|Reykjavik|Icelandic|krona|Akureyri Selfoss
the UK|London|English|pound|Manchester Liverpool Leeds Glasgow Oxford
Switzerland|Bern|German|franc|Zurich Geneva Basel Lausanne
Russia|Moscow|Russian|ruble|Kazan Omsk Samara Sochi
Ukraine|Kyiv|Ukrainian|hryvnia|Odesa Lviv Kharkiv
Turkey|Ankara|Turkish|lira|Istanbul Izmir Bursa Antalya
Hungary|Budapest|Hungarian|forint|Debrecen Szeged Pecs
Czechia|Prague|Czech|koruna|Brno Ostrava Plzen
Romania|Bucharest|Romanian|leu|Cluj Iasi Brasov
Bulgaria|Sofia|Bulgarian|lev|Plovdiv Varna Burgas
Serbia|Belgrade|Serbian|dinar|Nis Subotica
Croatia|Zagreb|Croatian|euro|Split Zadar Dubrovnik
Mexico|Mexico City|Spanish|peso|Guadalajara Monterrey Puebla Cancun Tijuana
the US|Washington|English|dollar|
Canada|Ottawa|English|dollar|Toronto Montreal Calgary Winnipeg
Brazil|Brasilia|Portuguese|real|Recife Salvador Fortaleza Curitiba
Argentina|Buenos Aires|Spanish|peso|Rosario Cordoba Mendoza Salta
Chile|Santiago|Spanish|peso|Valparaiso Antofagasta Temuco
Colombia|Bogota|Spanish|peso|Medellin Cali Barranquilla Cartagena
Peru|Lima|Spanish|sol|Cusco Arequipa Trujillo
Cuba|Havana|Spanish|peso|Holguin Camaguey
Uruguay|Montevideo|Spanish|peso|Salto Rivera
Venezuela|Caracas|Spanish|bolivar|Maracaibo Merida
Japan|Tokyo|Japanese|yen|Osaka Kyoto Nagoya Sapporo Kobe
China|Beijing|Chinese|yuan|Shanghai Shenzhen Wuhan Chengdu
India|New Delhi|Hindi|rupee|Mumbai Kolkata Chennai Pune
Pakistan|Islamabad|Urdu|rupee|Karachi Lahore Multan
Bangladesh|Dhaka|Bengali|taka|Khulna Sylhet
Nepal|Kathmandu|Nepali|rupee|Pokhara Lalitpur
Thailand|Bangkok|Thai|baht|Phuket Pattaya
Vietnam|Hanoi|Vietnamese|dong|Hue Danang Haiphong
Indonesia|Jakarta|Indonesian|rupiah|Bandung Surabaya Medan
Malaysia|Kuala Lumpur|Malay|ringgit|Ipoh Penang
the Philippines|Manila|Filipino|peso|Cebu Davao
Korea|Seoul|Korean|won|Busan Incheon Daegu
Iran|Tehran|Persian|rial|Shiraz Isfahan Tabriz
Iraq|Baghdad|Arabic|dinar|Basra Mosul Erbil
Israel|Jerusalem|Hebrew|shekel|Haifa Eilat
Egypt|Cairo|Arabic|pound|Alexandria Luxor Aswan Giza
Morocco|Rabat|Arabic|dirham|Casablanca Marrakesh Fez
Tunisia|Tunis|Arabic|dinar|Sfax Sousse
Kenya|Nairobi|Swahili|shilling|Mombasa Kisumu
Nigeria|Abuja|English|naira|Lagos Kano Ibadan
Ghana|Accra|English|cedi|Kumasi Tamale
Australia|Canberra|English|dollar|Sydney Melbourne Perth Brisbane
"""

# English | French | Spanish | Chinese: a word and its opposite in each
_OPPOSITES = """
small big|petit grand|pequeño grande|小 大
hot cold|chaud froid|caliente frío|热 冷
fast slow|rapide lent|rápido lento|快 慢
new old|nouveau ancien|nuevo viejo|新 旧
good bad|bon mauvais|bueno malo|好 坏
high low|haut bas|alto bajo|高 低
long short|long court|largo corto|长 短
wide narrow|large étroit|ancho estrecho|宽 窄
heavy light|lourd léger|pesado ligero|重 轻
strong weak|fort faible|fuerte débil|强 弱
rich poor|riche pauvre|rico pobre|富 穷
hard soft|dur mou|duro blando|硬 软
full empty|plein vide|lleno vacío|满 空
open closed|ouvert fermé|abierto cerrado|开 关
clean dirty|propre sale|limpio sucio|干净 肮脏
dry wet|sec mouillé|seco mojado|干 湿
dark bright|sombre lumineux|oscuro brillante|暗 亮
thick thin|épais mince|grueso delgado|厚 薄
deep shallow|profond superficiel|profundo superficial|深 浅
easy difficult|facile difficile|fácil difícil|易 难
near far|proche loin|cerca lejos|近 远
early late|tôt tard|temprano tarde|早 晚
happy sad|heureux triste|feliz triste|快乐 悲伤
beautiful ugly|beau laid|hermoso feo|美 丑
true false|vrai faux|verdadero falso|真 假
alive dead|vivant mort|vivo muerto|活 死
sweet bitter|doux amer|dulce amargo|甜 苦
loud quiet|bruyant silencieux|ruidoso silencioso|吵 静
safe dangerous|sûr dangereux|seguro peligroso|安全 危险
brave cowardly|courageux lâche|valiente cobarde|勇敢 胆小
smart stupid|intelligent stupide|inteligente estúpido|聪明 愚蠢
kind cruel|gentil cruel|amable cruel|善良 残忍
polite rude|poli grossier|cortés grosero|礼貌 粗鲁
lazy diligent|paresseux travailleur|perezoso trabajador|懒 勤
fat slim|gros maigre|gordo flaco|胖 瘦
day night|jour nuit|día noche|白天 夜晚
summer winter|été hiver|verano invierno|夏 冬
north south|nord sud|norte sur|北 南
east west|est ouest|este oeste|东 西
left right|gauche droite|izquierda derecha|左 右
above below|dessus dessous|arriba abajo|上 下
inside outside|dedans dehors|dentro fuera|里 外
front back|devant derrière|delante detrás|前 后
first last|premier dernier|primero último|首 末
begin end|commencer finir|empezar terminar|开始 结束
love hate|amour haine|amor odio|爱 恨
war peace|guerre paix|guerra paz|战争 和平
friend enemy|ami ennemi|amigo enemigo|朋友 敌人
man woman|homme femme|hombre mujer|男 女
boy girl|garçon fille|niño niña|男孩 女孩
father mother|père mère|padre madre|父 母
brother sister|frère sœur|hermano hermana|兄弟 姐妹
husband wife|mari épouse|marido esposa|夫 妻
buy sell|acheter vendre|comprar vender|买 卖
give take|donner prendre|dar tomar|给 拿
win lose|gagner perdre|ganar perder|赢 输
push pull|pousser tirer|empujar tirar|推 拉
come go|venir aller|venir ir|来 去
enter leave|entrer sortir|entrar salir|进 出
laugh cry|rire pleurer|reír llorar|笑 哭
ask answer|demander répondre|preguntar responder|问 答
rise fall|monter descendre|subir bajar|升 降
sleep wake|dormir réveiller|dormir despertar|睡 醒
accept refuse|accepter refuser|aceptar rechazar|接受 拒绝
build destroy|construire détruire|construir destruir|建 毁
always never|toujours jamais|siempre nunca|总是 从不
everything nothing|tout rien|todo nada|全 无
many few|beaucoup peu|mucho poco|多 少
yes no|oui non|sí no|是 否
before after|avant après|antes después|先 后来
heaven hell|ciel enfer|cielo infierno|天堂 地狱
success failure|succès échec|éxito fracaso|成功 失败
victory defeat|victoire défaite|victoria derrota|胜 败
truth lie|vérité mensonge|verdad mentira|真相 谎言
hope despair|espoir désespoir|esperanza desesperación|希望 绝望
joy sorrow|joie chagrin|alegría pena|喜 悲
health illness|santé maladie|salud enfermedad|健康 疾病
wealth poverty|richesse pauvreté|riqueza pobreza|财富 贫穷
smooth rough|lisse rugueux|liso áspero|光滑 粗糙
public private|public privé|público privado|公 私
simple complex|simple complexe|simple complejo|简单 复杂
guilty innocent|coupable innocent|culpable inocente|有罪 无辜
present absent|présent absent|presente ausente|在场 缺席
ancient modern|antique moderne|antiguo moderno|古 今
natural artificial|naturel artificiel|natural artificial|天然 人工
normal strange|normal étrange|normal extraño|正常 奇怪
positive negative|positif négatif|positivo negativo|正 负
male female|mâle femelle|macho hembra|雄 雌
land sea|terre mer|tierra mar|陆 海
fire water|feu eau|fuego agua|火 水
sun moon|soleil lune|sol luna|日 月
arrive depart|arriver partir|llegar partir|到 离
attack defend|attaquer défendre|atacar defender|攻 守
help harm|aider nuire|ayudar dañar|帮助 伤害
borrow lend|emprunter prêter|pedir prestar|借 贷
save waste|épargner gaspiller|ahorrar gastar|省 费
increase decrease|augmenter diminuer|aumentar disminuir|增 减
"""

# English | French | Spanish name of a sport : people known for it
_SPORTS = """
basketball|basket|baloncesto:Michael Jordan, LeBron James, Kobe Bryant, Magic Johnson, Larry Bird, Tim Duncan, Stephen Curry, Kevin Durant, Wilt Chamberlain, Bill Russell, Allen Iverson, Dirk Nowitzki, Pau Gasol, Tony Parker
baseball|baseball|béisbol:Babe Ruth, Hank Aaron, Willie Mays, Ted Williams, Lou Gehrig, Derek Jeter, Mickey Mantle, Joe DiMaggio, Ty Cobb, Jackie Robinson, Barry Bonds, Cy Young, Yogi Berra, Mike Trout
soccer|football|fútbol:Lionel Messi, Cristiano Ronaldo, Diego Maradona, Zinedine Zidane, Johan Cruyff, Thierry Henry, David Beckham, Kylian Mbappé, Luka Modric, Franz Beckenbauer, Michel Platini, Gerd Müller, Andrea Pirlo, Mia Hamm
tennis|tennis|tenis:Roger Federer, Rafael Nadal, Novak Djokovic, Serena Williams, Andre Agassi, Pete Sampras, Steffi Graf, Maria Sharapova, Bjorn Borg, John McEnroe, Martina Hingis, Billie King, Andy Murray, Naomi Osaka
golf|golf|golf:Tiger Woods, Jack Nicklaus, Arnold Palmer, Phil Mickelson, Rory McIlroy, Gary Player, Ben Hogan, Nick Faldo, Ernie Els, Greg Norman, Jordan Spieth, Sam Snead, Annika Sorenstam
hockey|hockey|hockey:Wayne Gretzky, Mario Lemieux, Sidney Crosby, Bobby Orr, Gordie Howe, Alex Ovechkin, Jaromir Jagr, Mark Messier, Patrick Roy, Connor McDavid, Maurice Richard, Brett Hull, Martin Brodeur
cricket|cricket|críquet:Sachin Tendulkar, Brian Lara, Shane Warne, Virat Kohli, Ricky Ponting, Imran Khan, Don Bradman, Ian Botham, Kapil Dev, Wasim Akram, Steve Waugh, Joe Root
rugby|rugby|rugby:Jonah Lomu, Dan Carter, Richie McCaw, Jonny Wilkinson, Brian Habana, Antoine Dupont, Martin Castrogiovanni, Will Carling, Sébastien Chabal, Beauden Barrett, Owen Farrell, Philippe Sella
"""

# Words of invented institutions, by place in the name: any of one, then any of the next.
ACRONYM_WORDS = (
    "National Digital Global Royal Central European Northern Advanced Public United Federal Young Open Joint Urban Inner".split(),
    "Digital Climate Health Energy Ocean Language Robotics Music Water Justice Vision Nature Quantum Knowledge Trade Forest".split(),
    "Analytics Research Policy Science Data History Education Planning Biology Engineering Land Music Travel Growth Union Safety".split(),
    "Group Institute Center Society Board Lab Network Office Union Agency Foundation Team Project Council Register Handbook".split(),
)

LANGUAGES = ("en", "fr", "es", "zh")


def _rows(table):
    return [line.split("|") for line in table.strip().splitlines()]


def states():
    """[{name, abbreviation, region, capital, cities}]"""
    return [dict(name=n, abbreviation=a, region=r, capital=c, cities=cities.split())
            for n, a, r, c, cities in _rows(_STATES)]


def countries():
    """[{name (with article), short (without), capital, language, currency, cities}]"""
    return [dict(name=n, short=n.removeprefix("the "), capital=c, language=l, currency=m, cities=cities.split())
            for n, c, l, m, cities in _rows(_COUNTRIES)]


def opposites():
    """[{language: (word, its opposite)}]"""
    return [{lang: tuple(cell.split()) for lang, cell in zip(LANGUAGES, row)} for row in _rows(_OPPOSITES)]


def sports():
    """[{en, fr, es, people}]"""
    table = []
    for line in _SPORTS.strip().splitlines():
        names, people = line.split(":")
        en, fr, es = names.split("|")
        table.append(dict(en=en, fr=fr, es=es, people=people.split(", ")))
    return table


def check():
    """Names must be unique: cities over all states and countries, opposites within a language."""
    cities = [c for s in states() for c in s["cities"] + [s["capital"]]]
    cities += [c for k in countries() for c in k["cities"] + [k["capital"]]]
    repeated = {c for c in cities if cities.count(c) > 1}
    for lang in LANGUAGES:
        words = [w for pair in opposites() for w in pair[lang]]
        repeated |= {f"{lang}:{w}" for w in words if words.count(w) > 1}
    people = [p for s in sports() for p in s["people"]]
    repeated |= {p for p in people if people.count(p) > 1}
    if repeated:
        raise SystemExit(f"repeated names: {sorted(repeated)}")


if __name__ == "__main__":
    check()
    print(len(states()), "states,", sum(len(s["cities"]) for s in states()), "cities;", len(countries()), "countries,",
          sum(len(c["cities"]) for c in countries()), "cities;", len(opposites()), "opposites;",
          sum(len(s["people"]) for s in sports()), "people")
