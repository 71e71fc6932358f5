"""Currencies of ISO 4217 with their names, and the signs that stand around amounts."""

from __future__ import annotations

from types import MappingProxyType

from liaoran.kernel.text import Text

CURRENCIES = MappingProxyType(
    {
        code: Text(zh, en)
        for code, zh, en in (
            ("CNY", "人民币", "Chinese yuan"),
            ("USD", "美元", "US dollar"),
            ("EUR", "欧元", "Euro"),
            ("HKD", "港元", "Hong Kong dollar"),
            ("JPY", "日元", "Japanese yen"),
            ("GBP", "英镑", "Pound sterling"),
            ("TWD", "新台币", "New Taiwan dollar"),
            ("MOP", "澳门元", "Macanese pataca"),
            ("SGD", "新加坡元", "Singapore dollar"),
            ("KRW", "韩元", "South Korean won"),
            ("AUD", "澳大利亚元", "Australian dollar"),
            ("CAD", "加拿大元", "Canadian dollar"),
            ("CHF", "瑞士法郎", "Swiss franc"),
            ("NZD", "新西兰元", "New Zealand dollar"),
            ("MYR", "马来西亚林吉特", "Malaysian ringgit"),
            ("THB", "泰铢", "Thai baht"),
            ("VND", "越南盾", "Vietnamese dong"),
            ("IDR", "印度尼西亚卢比", "Indonesian rupiah"),
            ("PHP", "菲律宾比索", "Philippine peso"),
            ("INR", "印度卢比", "Indian rupee"),
            ("AED", "阿联酋迪拉姆", "UAE dirham"),
            ("SAR", "沙特里亚尔", "Saudi riyal"),
            ("QAR", "卡塔尔里亚尔", "Qatari riyal"),
            ("KWD", "科威特第纳尔", "Kuwaiti dinar"),
            ("ILS", "以色列新谢克尔", "Israeli new shekel"),
            ("TRY", "土耳其里拉", "Turkish lira"),
            ("RUB", "俄罗斯卢布", "Russian rouble"),
            ("KZT", "哈萨克斯坦坚戈", "Kazakhstani tenge"),
            ("UZS", "乌兹别克斯坦苏姆", "Uzbekistani som"),
            ("MNT", "蒙古图格里克", "Mongolian tugrik"),
            ("PKR", "巴基斯坦卢比", "Pakistani rupee"),
            ("BDT", "孟加拉塔卡", "Bangladeshi taka"),
            ("LKR", "斯里兰卡卢比", "Sri Lankan rupee"),
            ("NPR", "尼泊尔卢比", "Nepalese rupee"),
            ("MMK", "缅甸元", "Myanmar kyat"),
            ("KHR", "柬埔寨瑞尔", "Cambodian riel"),
            ("LAK", "老挝基普", "Lao kip"),
            ("BND", "文莱元", "Brunei dollar"),
            ("SEK", "瑞典克朗", "Swedish krona"),
            ("NOK", "挪威克朗", "Norwegian krone"),
            ("DKK", "丹麦克朗", "Danish krone"),
            ("ISK", "冰岛克朗", "Icelandic krona"),
            ("PLN", "波兰兹罗提", "Polish zloty"),
            ("CZK", "捷克克朗", "Czech koruna"),
            ("HUF", "匈牙利福林", "Hungarian forint"),
            ("RON", "罗马尼亚列伊", "Romanian leu"),
            ("RSD", "塞尔维亚第纳尔", "Serbian dinar"),
            ("UAH", "乌克兰格里夫纳", "Ukrainian hryvnia"),
            ("MXN", "墨西哥比索", "Mexican peso"),
            ("BRL", "巴西雷亚尔", "Brazilian real"),
            ("ARS", "阿根廷比索", "Argentine peso"),
            ("CLP", "智利比索", "Chilean peso"),
            ("COP", "哥伦比亚比索", "Colombian peso"),
            ("PEN", "秘鲁索尔", "Peruvian sol"),
            ("ZAR", "南非兰特", "South African rand"),
            ("EGP", "埃及镑", "Egyptian pound"),
            ("NGN", "尼日利亚奈拉", "Nigerian naira"),
            ("KES", "肯尼亚先令", "Kenyan shilling"),
            ("ETB", "埃塞俄比亚比尔", "Ethiopian birr"),
            ("GHS", "加纳塞地", "Ghanaian cedi"),
            ("TZS", "坦桑尼亚先令", "Tanzanian shilling"),
            ("MAD", "摩洛哥迪拉姆", "Moroccan dirham"),
            ("DZD", "阿尔及利亚第纳尔", "Algerian dinar"),
            ("XAF", "中非法郎", "Central African CFA franc"),
            ("XOF", "西非法郎", "West African CFA franc"),
        )
    }
)

COMMON = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "TWD", "SGD", "KRW", "AUD", "CAD", "CHF")

ALIASES = MappingProxyType(
    {
        "rmb": "CNY", "cnh": "CNY", "元": "CNY", "人民币元": "CNY", "¥": "CNY", "$": "USD", "us$": "USD", "美金": "USD",
        "€": "EUR", "£": "GBP", "hk$": "HKD", "港币": "HKD", "nt$": "TWD", "台币": "TWD", "日圆": "JPY", "₩": "KRW",
        "澳元": "AUD", "加元": "CAD", "新元": "SGD", "s$": "SGD", "₹": "INR", "₽": "RUB", "卢布": "RUB",
    }
)  # fmt: skip

# What may stand before or after the digits of an amount; full-width signs are already half-width by then.
SIGN_PATTERN = "|".join(
    [*CURRENCIES, "RMB", "CNH", r"(?:US|HK|NT|S)?[$]", "[¥€£₩₹₽]", "人民币", "美元", "港[元币]", "元整?", "圆整?"]
)
