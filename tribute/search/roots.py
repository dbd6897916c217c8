"""Words of Azerbaijani and Turkish that the stemmer knows whole.

A rule alone takes `qanun` (law) for `qan` (blood) and `insanın` for `insa`: what a book of condolence is full of is
listed, and only what is left is guessed. Written as the languages write it; folded once, at the start.
"""
# ruff: noqa: SIM905  a list of words is read more easily as a text

from __future__ import annotations

from tribute.search.fold import fold

COMMON = """
şəhid şahid ana ata baba nənə oğul qız bacı qardaş övlad uşaq bala balaca körpə nəvə əmi dayı xala bibi ailə arvad
yoldaş dost qonşu tanış qohum insan adam kişi qadın xanım bəy cavan gənc qoca yaşlı igid qəhrəman əsgər zabit general
polis həkim müəllim müəllimə şagird tələbə yazıçı şair rəssam müğənni sürücü fəhlə jurnalist hakim vəkil prezident
deputat vətəndaş millət xalq dövlət hökumət ordu qoşun tank güllə top tüfəng silah müharibə döyüş hücum qırğın faciə
qətl qətliam soyqırım cinayət hadisə matəm yas hüzn kədər qəm dərd ağrı acı yaş göz fəryad nalə sükut səs söz dil ürək
qəlb könül can ruh bədən baş ayaq çiyin qan qanad diz saç soyad xatirə yaddaş yad anma məzar qəbir məzarlıq
xiyaban abidə heykəl daş torpaq vətən yurd ölkə şəhər kənd rayon küçə meydan qapı pəncərə divar otaq həyət bağ bağça
ağac gül çiçək qərənfil lalə qızılgül yarpaq budaq meyvə nar çörək duz dəniz çay dağ çöl göy yer səma günəş ulduz
bulud yağış qar külək şimşək ildırım alov ocaq işıq şam məşəl çıraq qaranlıq zülmət gecə gündüz gün axşam sabah həftə
əsr vaxt zaman saat dəqiqə keçmiş gələcək bahar payız qış bayram azadlıq müstəqillik istiqlal ədalət haqq hüquq
qanun qərar ümid arzu dilək istək xəyal yuxu sevgi məhəbbət eşq hörmət ehtiram minnət minnətdarlıq təşəkkür borc şərəf
namus qeyrət vicdan iman inam din dua namaz quran məscid kilsə peyğəmbər cənnət cəhənnəm rəhmət mərhəmət məkan səbir
başsağlığı təsəlli şəfa salam vida əlvida ayrılıq həsrət intizar yol körpü qatar maşın avtobus gəmi təyyarə hava
məktəb universitet kitab dəftər məktub şəkil şeir mahnı nəğmə muğam musiqi film teatr qəzet jurnal xəbər radio telefon
nömrə səhifə sətir yazı dərs sinif imtahan xəstəxana təcili yardım yara yaralı xəstə dərman ölüm doğum həyat ömür tale
qismət bəxt fələk dünya aləm tarix nəsil kök tayfa sülh düşmən işğal zülm zalım əsir əsarət zəfər qələbə şücaət
cəsarət mərd mərdlik igidlik qəhrəmanlıq fədakarlıq birlik həmrəylik dostluq qardaşlıq əbədiyyət əbədi müqəddəs bayraq
himn sərhəd mərasim tədbir ziyarət toplantı nümayiş etiraz iradə güc qüvvə cəsəd nəfər tərəf hiss duyğu fikir düşüncə
ağıl bilik elm sənət peşə işçi pul bazar dükan mağaza süfrə masa güzgü paltar papaq köynək rəng səhnə qara qırmızı
yaşıl mavi uzun qısa böyük kiçik yeni köhnə yaxşı gözəl əziz sevimli doğma uzaq yaxın dərin ağır soyuq başqa günah
günahsız canavar yasin boyun ağız burun alın beyin bağır qarın sinə addım anım sual cavab məsələ məna məqam zəng xətt
bina mərtəbə dam tağ quş at elan elçi el ev əl ad il su xarici daxili milli xalça qarı qala qalxan qızıl gündəm ağlı
dilim silsilə məclis nazir şanlı oğlan həmvətən soydaş ağsaqqal ağbirçək nişan medal orden rütbə bölük alay hərbi
hərb komandir sıra səngər meşə ada sahil liman gəlin bəylik toy nişanlı ad saz kamança təbiət çəmən bulaq buz
duman tufan fırtına şehit şahit anne dede nine oğul kız kardeş abla ağabey çocuk bebek torun amca hala teyze karı koca
evlat arkadaş komşu kadın erkek hanım bey genç yiğit kahraman asker subay doktor hekim öğretmen öğrenci hemşire yazar
halk devlet hükümet kurşun tüfek savaş çatışma saldırı katliam soykırım suç facia felaket trajedi olay matem hüzün
keder gam dert gözyaş çığlık sessizlik ses söz yürek kalp gönül beden yüz omuz kan kanat isim hatıra anı bellek
hafıza mezar kabir hıyaban anıt taş toprak vatan yurt ülke şehir kent köy ilçe sokak cadde kapı pencere duvar oda
bahçe ağaç karanfil lale yaprak dal meyve ekmek tuz nehir ırmak ova gök gökyüzü güneş yıldız bulut yağmur kar rüzgar
rüzgâr ateş alev ocak ışık mum meşale karanlık akşam yarın hafta yıl yüzyıl vakit dakika geçmiş gelecek nisan
mayıs haziran temmuz ağustos eylül ekim kasım aralık şubat güz kış özgürlük bağımsızlık istiklal hürriyet adalet hak
hukuk kanun yasa karar umut ümit hayal rüya uyku aşk saygı hürmet teşekkür borç şeref onur inanç kuran cami kilise
peygamber cennet cehennem rahmet merhamet mekân sabır taziye teselli şifa selam veda özlem köprü tren araba otobüs
uçak okul üniversite kitap defter mektup resim fotoğraf şiir şarkı türkü müzik gazete dergi haber radyo televizyon
numara sayfa satır sınıf hastane ambulans hasta ilaç yaşam kader talih alem tarih nesil kuşak barış düşman işgal zulüm
zalim esaret cesaret kahramanlık dayanışma kardeşlik sonsuzluk ebedi kutsal bayrak marş sınır tören etkinlik ziyaret
gösteri protesto kuvvet kişi taraf his duygu düşünce akıl bilgi bilim sanat meslek para pazar dükkan sofra ayna renk
kelime kara kırmızı büyük küçük eski güzel aziz sevgili uzak yakın soğuk bugün gurur tank kol bacak karın anlam soru
cevap neden sebep bina kat kuş alay bölük komutan general sıra cephe orman kıyı ada gelin düğün doğa duman fırtına
rahat huzur mutluluk yalnız yalnızlık güvercin barut bomba kurban ibret emanet miras iman imam hoca gazi nokta çizgi
kavga ihtiyaç insanlık günaydın öğle
köle bakan görüntü danışman samimi səmimi yatırım yatak durak kaçak şahin dönem ortak ortam tütün eser sistem program
karşı qarşı başarı başkan səhra hissə dastan yaradan sənəd şüşə dəmir çadır nəşr elma alma cam alan yalan yemin vali
sakin sergi vakıf hayat oyun takım değer sahip sonuç konu önem mahalle parça örnek destek
""".split()

# Names of months and places, and of people: stemmed as known words, and heard in both alphabets.
PROPER = """
allah yanvar fevral mart aprel iyun iyul avqust sentyabr oktyabr noyabr dekabr azərbaycan türkiyə türkiye bakı bakü
baku qarabağ karabağ gəncə sumqayıt şuşa xocalı laçın ağdam füzuli kəlbəcər cəbrayıl zəngilan qubadlı xankəndi
lənkəran naxçıvan şəki quba qusar xaçmaz qəbələ zaqatala balakən astara masallı salyan şirvan mingəçevir yevlax bərdə
tərtər ağcabədi beyləqan tovuz qazax göyçay göygöl şamaxı şamkir ismayıllı siyəzən xızı abşeron xırdalan biləcəri
gədəbəy moskva tehran təbriz istanbul ankara izmir bursa trabzon iğdır erzurum konya samsun londra paris berlin
""".split()
PERSONAL = """
aydın elçin şahin yasin emin nərmin pərvin nəsrin sevin ceyhun harun kərim rəhim səlim ibrahim qasım kazım nazim
müslim aslan sultan tərlan rizvan ramazan ceyran reyhan orxan turan kənan rövşən elşən ramin gülşən ruslan həsən
hüseyn hasan hüseyin cavad ilqar zeynəb rəşad vüqar anar elnur nigar leyla günel aysel aynur sevda rauf vaqif tofiq
rafiq kamil kamal kəmal cəmil cəmal əhməd məmməd məhəmməd mehmet ahmet mustafa ömər osman fatimə fatma ayşe aişə
zəhra zehra xədicə sevinc sevil natəvan nizami nəsimi heydər haydar ilham mehriban səməd səid rəsul əkbər əsgər vəli
nəbi yusif yusuf yaqub ismayıl elxan elman eldar eldəniz fərid fərhad fuad fikrət ələsgər bəxtiyar babək cavid elvin
ülvi murad murat natiq nadir nəriman oqtay oktay polad rasim ramil ramiz samir tahir teymur tural vasif vüsal xəyal
zaur larisa tamara natavan
""".split()

# Roots whose last vowel goes when an ending begins with one: oğul, oğlum.
SHRINKING = """
oğul ağız burun alın boyun beyin bağır qarın karın könül gönül ömür fikir şəkil qəbir kabir səbir sabır nəsil nesil
isim resim akıl ağıl zulüm hüzün vakit şehir nehir sinif
""".split()

VERBS = """
unut xatırla hatırla an anıl yaşa yaşat sev ağla ağlat gözlə bekle özlə darıx sus dinlə danış konuş söylə gəl gel get
git gör görüş bax bak oxu oku yaz düşün itir yitir qayıt dön yan yandır yaktır yak qoru koru saxla sakla paylaş
bağışla affet çək çek döz dayan dur otur qalx kalk yat oyan uyan uyu uçur uç qaç kaç vur öldür öldürül dağıt yığış
toplan topla tanı bilin öyrən öğren öyrət öğret anla keç geç köç gir çıx çık düş qov kov bağla aç ört örtül dök dökül
saç sal götür gətir getir apar daşı taşı gəz yürü doğ doğul böyü büyü soldur sol don titrə titre dinmə din dindir
çağır soruş sor istə iste dilə dile inan güvən güven sön söndür alış tut yetiş çat başla bitir bit davam qazan
kazan uduz ud döyüş savaş vuruş qurtar kurtar xilas sağal yarala yaralan incit qal kal qoy koy gül gülümsə gülümse
oyna oxşa öp qucaqla kucakla basdır göm kədərlən hüzünlən eşit duy duyul iç bəzə süslə sarıl islan əri
çırp çal çalış nifrət lənətlə and içil ucalt yüksəl yüksel uğurla uğurlan eğil əyil diz çök dik ödə öde ver veril
bildir göster göstər görün
""".split()

# Words that are in every text: no stem of theirs is worth its place.
FUNCTION = """
və bu bir üçün ilə da də ki mən sən biz siz onlar onu onun ona onda ondan onların onları onlara bizim sizin mənim sənin
bizi sizi məni səni bizə sizə mənə sənə bizdə sizdə bizdən sizdən bunu bunun buna bunda bundan hər heç çox daha ən kimi
qədər sonra əvvəl görə qarşı haqqında barədə amma lakin ancaq yalnız belə elə həm əgər nə niyə necə harada hansı kim
indi hələ məsələn artıq yenə isə idi imiş var yox deyil birlikdə birgə həmin dəfə eləsin
ve için ile ben sen onlar benim senin beni seni bana sana bize size her hep hiç çok gibi kadar önce göre karşı hakkında
fakat yalnızca böyle şöyle eğer neden nasıl nerede hangi şimdi yine değil eylesin diye birlikte şey şunu şuna şunun
kendi kendini kendine kendinin kendinden kendisi kendisine kendisini kendileri kendim kendimi kendin
""".split()

# Whose `my` and `your` are common, though short words in -m and -n are mostly others.
FAMILY = "ana ata baba nənə bacı dayı əmi xala bibi bala anne dede nine teyze hala abla abi amca".split()

# The same of whatever form: words that only hold others together.
LIGHT = """
üz üst alt iç ön ara arxa arka yan orta bura ora biri bütün hamı öz hepsi kimse kimsə hər tüm dış iki üzər üzere içeri
bun biz siz şey sonra önce herkes birbir ard geri ileri dışarı yukarı aşağı hal zor
""".split()
LIGHT_VERBS = "ol et ed de deyil yap bil edil olun elə eyle edin".split()

# The same letters and the same thing in English or Russian too.
LOANS = """
tank park radio metro film general telefon protesto yanvar fevral mart aprel iyun iyul sentyabr oktyabr noyabr dekabr
medal orden tren doktor komandir avtobus universitet prezident deputat jurnal
""".split()


def folded(words: list[str]) -> frozenset[str]:
    """The words as the index has them."""
    return frozenset(map(fold, words))


PEOPLE = folded(PERSONAL)
NAMES = folded(PROPER) | PEOPLE
EMPTY = folded(FUNCTION)
KIN = folded(FAMILY)
LIGHT_NOUNS = folded(LIGHT)
NOUNS = folded(COMMON) | LIGHT_NOUNS
LIGHT_DOERS = folded(LIGHT_VERBS)
DOERS = folded(VERBS) | LIGHT_DOERS
BORROWED = folded(LOANS)
SHRUNK = {root[:-2] + root[-1]: root for root in map(fold, SHRINKING)}
