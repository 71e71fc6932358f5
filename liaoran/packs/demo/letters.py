"""How the characters of the invented names are read, for addresses of mail and web."""

from __future__ import annotations

_BY_SYLLABLE = (
    "bai:柏白 bin:斌 bo:博波 cai:蔡 cao:曹 chang:常 chao:超 chen:宸辰陈 cheng:澄程诚 chuan:川 chun:春 cui:崔 "
    "dai:戴 de:德 deng:邓 ding:丁 dong:董 du:杜 duan:段 fan:帆范 fang:方芳 feng:冯峰 fu:付 gao:高 gong:龚 "
    "gu:谷顾 gui:桂 guo:国郭 hai:海 han:涵韩 hang:珩航 hao:浩郝 he:何禾贺 heng:恒衡 hong:宏红 hou:侯 hu:胡 "
    "hua:华 huang:黄 hui:慧汇辉 ji:霁 jia:佳嘉家贾 jian:建 jiang:姜江蒋 jiao:峤 jin:槿金 jing:景静 juan:娟隽 "
    "jun:俊军钧 kong:孔 lan:兰岚澜 lang:朗 lei:磊雷 li:丽李栎立黎 liang:梁 liao:廖 lin:林 ling:岭玲翎 liu:刘 "
    "long:龙 lu:卢陆鹭 luo:罗 lv:吕 ma:马 mao:毛 meng:孟梦 min:敏 ming:明铭 mo:莫 mu:沐 ning:宁 ou:欧 "
    "pan:潘磐 peng:彭鹏 ping:平萍 pu:朴 qi:启琪 qian:钱 qiang:强 qiao:桥 qin:秦覃 qiu:邱 ran:然 ren:任 "
    "rong:榕 rui:瑞 sen:森 shao:邵 shen:沈 shi:史石 si:思 song:宋 su:苏 sui:穗 sun:孙 tan:谭 tang:唐棠 "
    "tao:涛陶 tian:天田 ting:婷汀 tuo:拓 wan:万 wang:望汪王 wei:苇韦魏 wen:文 wu:吴 xia:夏霞 xiang:向 "
    "xiao:晓肖 xie:谢 xin:新欣 xing:兴行 xiong:熊 xiu:秀 xu:序徐煦许 xuan:轩 xue:薛雪 ya:亚雅 yan:严砚艳闫 "
    "yang:杨洋阳 yao:姚 ye:叶 yi:一屹怡翊 yin:尹 ying:英 yong:勇永 yu:于余宇屿昱榆玉雨 yuan:原袁远 yue:越 "
    "ze:泽 zeng:曾 zhan:湛 zhang:张 zhao:赵 zhen:振 zheng:郑 zhi:志 zhong:钟 zhou:周舟 zhu:朱 zi:子 zou:邹"
)
_SYLLABLE = {
    character: syllable
    for syllable, characters in (entry.split(":") for entry in _BY_SYLLABLE.split())
    for character in characters
}


def romanised(name: str) -> str:
    """The name of a demo person or brand in plain letters."""
    return "".join(_SYLLABLE[character] for character in name)
