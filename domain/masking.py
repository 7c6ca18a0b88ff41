"""Personal data with its middle hidden, as people here expect to see it: 张*三, 张*, 欧阳**; 138****5678; 4201**********1234."""

import re

STAR = "*"

COMPOUND = frozenset(
    ["欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里", "呼延", "东郭", "南门", "羊舌", "微生", "公户", "公玉", "公仪", "梁丘", "公仲", "公上", "公门", "公山", "公坚", "左丘", "公伯", "西门", "公祖", "第五", "公乘", "贯丘", "公皙", "南荣", "东里", "东宫", "仲长", "子书", "子桑", "即墨", "达奚", "褚师", "吴铭", "纳兰", "归海", "完颜", "叶赫"]
)  # fmt: skip
"""Surnames of two characters."""

_BUILDING = re.compile(r"^.*?[0-9０-９A-Za-z一二三四五六七八九十百零]+\s*(?:号楼|栋|幢|座|单元楼)")
_NUMBER = re.compile(r"^.*?[0-9０-９一二三四五六七八九十百零]+\s*(?:号|弄)")
_FIRST_DIGIT = re.compile(r"^[^0-9０-９]*")
_NOT_DIGIT = re.compile(r"[^0-9]")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_NAMED = re.compile(r"姓名|联系人|诉求人|当事人|举报人|^(first|last|full)_?name$|^(reporter|contact)", re.IGNORECASE)
_NUMBERED = re.compile(r"电话|手机|^(phone|mobile|tel)", re.IGNORECASE)
_SECRET = re.compile(r"password|passwd|secret|token|api_?key|密码|密钥", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")


def mask_name(name: str) -> str:
    """The surname and, of three characters or more, the last one. Of a name in other letters its first one only."""
    name = name.strip()
    if len(name) <= 1:
        return STAR * len(name)
    if not _is_han(name):
        return name[0] + STAR * 2
    if name[:2] in COMPOUND and len(name) > 2:
        return name[:2] + STAR * (len(name) - 2)
    if len(name) == 2:
        return name[0] + STAR
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """The first three and the last four of a mobile number, the last four of another long enough, else nothing."""
    digits = _NOT_DIGIT.sub("", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return digits[:3] + STAR * 4 + digits[-4:]
    if len(digits) >= 10:
        return STAR * (len(digits) - 4) + digits[-4:]
    return STAR * len(digits)


def mask_id(number: str) -> str:
    """The first four and the last four of an identity number (18 or 15 digits), of anything else nothing."""
    number = number.strip()
    if len(number) in {15, 18}:
        return number[:4] + STAR * (len(number) - 8) + number[-4:]
    return STAR * len(number)


def mask_address(address: str) -> str:
    """The address up to the building; without one up to the number of the street; without that up to its first digit."""
    address = address.strip()
    for pattern in (_BUILDING, _NUMBER, _FIRST_DIGIT):
        found = pattern.match(address)
        if found is not None:
            rest = address[found.end() :].strip()
            return found[0] + STAR * 3 if rest else found[0]
    return STAR * 3


def _is_han(text: str) -> bool:
    return all("\u3400" <= c <= "\u9fff" or ord(c) >= 0x20000 for c in text)


def mask_text(text: str) -> str:
    """A free text with the mobile and identity numbers in it masked, and what stands before the @ of an address hidden."""
    text = _IDENTITY.sub(lambda found: mask_id(found[0]), text)
    return _ADDRESS.sub("***@", _PHONE.sub(lambda found: mask_phone(found[0]), text))


def mask_cell(name: str, text: str) -> str:
    """A cell by the name of its column: names of people, telephone numbers and secrets are masked whole, others as text."""
    if _SECRET.search(name):
        return STAR * 3
    if _NAMED.search(name):
        return mask_name(text)
    return mask_phone(text) if _NUMBERED.search(name) else mask_text(text)
