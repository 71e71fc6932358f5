"""Opportunity line 商机产品: what an opportunity offers, line by line."""

from __future__ import annotations

from liaoran.packs.definition import Definition, field, layouts, owned, section, text, words

OPPORTUNITY_LINE: Definition = {
    "key": "opportunity_line",
    "label": text(("商机产品", "Opportunity line")),
    "label_plural": text(("商机产品", "Opportunity lines")),
    "icon": "list",
    "group": "sales",
    "order": 60,
    "name_field": "code",
    "synonyms": words("产品明细 | 商机明细 | 报价明细 | Line Item | Opportunity Product | Deal Product"),
    "fields": [
        field("code", "autonumber", ("明细编号", "Line number"), readonly=True, format="MX-{number:06d}"),
        field(
            "opportunity",
            "link",
            ("商机", "Opportunity"),
            target="opportunity",
            carries="edit",
            required=True,
            synonyms="商机名称 | 商机编号 | Opportunity Name | Deal | Deal Name",
        ),
        field(
            "product",
            "link",
            ("产品", "Product"),
            target="product",
            required=True,
            synonyms="产品名称 | 产品编码 | 商品 | Product Name | Product Code | Item",
        ),
        field("quantity", "number", ("数量", "Quantity"), scale=2, default=1, synonyms="件数 | Qty"),
        field(
            "unit_price",
            "money",
            ("成交单价", "Unit price"),
            currency_field="currency",
            synonyms="单价 | 价格 | 报价 | Sales Price | Price",
        ),
        field("currency", "currency", ("币种", "Currency"), synonyms="货币 | Currency Code"),
        field(
            "discount",
            "percent",
            ("折让", "Discount"),
            scale=2,
            help=("在单价之上再让的百分比，10 表示让利 10 %", "Taken off the unit price; 10 means 10 % off"),
            synonyms="折扣 | 优惠 | Discount Percent",
        ),
        field(
            "subtotal",
            "formula",
            ("小计", "Subtotal"),
            expression="quantity * unit_price * (100 - IF(ISBLANK(discount), 0, discount)) / 100",
            result="number",
        ),
        field(
            "description",
            "text",
            ("说明", "Description"),
            pinyin=False,
            max_length=500,
            synonyms="备注 | Remark | Line Description",
        ),
        *owned(),
    ],
    "layouts": layouts(
        columns="code opportunity product quantity unit_price discount subtotal",
        header="opportunity product subtotal",
        sort=(("created_at", "desc"),),
        sections=[
            section(
                "basics",
                ("基本信息", "Basics"),
                "opportunity product quantity unit_price currency discount description owner department",
            ),
        ],
    ),
}
