"""Product 产品: what is sold, with its list price."""

from __future__ import annotations

from liaoran.packs.definition import Definition, choice, field, layouts, section, text, words

PRODUCT: Definition = {
    "key": "product",
    "label": text(("产品", "Product")),
    "label_plural": text(("产品", "Products")),
    "icon": "appstore",
    "group": "sales",
    "order": 50,
    "name_field": "name",
    "synonyms": words("商品 | 服务 | 产品目录 | Products | Item | Service | Catalogue"),
    "fields": [
        field(
            "name",
            "text",
            ("产品名称", "Product name"),
            required=True,
            synonyms="名称 | 产品 | 商品名称 | Product | Item Name | Product - Name",
        ),
        field(
            "code",
            "text",
            ("产品编码", "Product code"),
            pinyin=False,
            unique=True,
            max_length=60,
            synonyms="编码 | 产品编号 | 型号 | SKU | Product Code | Product - Product Code | Item Code",
        ),
        field(
            "series",
            "text",
            ("系列", "Series"),
            synonyms="产品系列 | 产品线 | 类别 | Product Line | Product Family | Category",
        ),
        field(
            "unit",
            "text",
            ("单位", "Unit"),
            pinyin=False,
            max_length=20,
            synonyms="计量单位 | Unit of Measure | Product - Unit",
        ),
        field(
            "list_price",
            "money",
            ("标准价", "List price"),
            currency_field="currency",
            synonyms="价格 | 单价 | 产品价格 | 售价 | Price | Sales Price | Unit Price | Product - Price",
        ),
        field("currency", "currency", ("币种", "Currency"), synonyms="货币 | Currency Code | Product - Currency"),
        field(
            "status",
            "choice",
            ("状态", "Status"),
            default="on_sale",
            synonyms="上架状态 | 是否上架 | Product Active",
            choices=[
                choice("on_sale", "在售", "On sale", "green"),
                choice("planned", "待上市", "Planned", "blue"),
                choice("discontinued", "停售", "Discontinued", "gray"),
            ],
        ),
        field(
            "description", "long_text", ("产品说明", "Description"), synonyms="描述 | 说明 | 备注 | Remark | Details"
        ),
    ],
    "layouts": layouts(
        columns="name code series list_price unit status",
        header="code series list_price status",
        sort=(("name", "asc"),),
        sections=[
            section("basics", ("基本信息", "Basics"), "name code series unit list_price currency status description")
        ],
    ),
}
