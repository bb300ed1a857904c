"""Campaigns that ask for hands: people, hours and things, alone or beside money. All of it is invented."""

from __future__ import annotations

from dataclasses import replace

from .campaigns import Beside, Campaign

STREAM = Campaign(
    title="하천을 하루 치울게요, 열 명이 같이하면요",
    topic="environment",
    addressee="마포구 하천과",
    summary="약속한 사람 말고 열 명이 더 모이면 토요일 아침에 하천을 치워요.",
    text="""혼자 치우면 티도 안 나지만 열한 명이면 하루에 끝나요.

돈은 들지 않아요. 열 명이 더 약속하면 저도 해요.""",
    plan=(("구역 나누고 자루 받기", 50), ("치우고 사진 올리기", 50)),
    target=10,
    goal=11,
    signed=17,
    backers=7,
    pledge=1,
    age=3,
    left=9,
    ends="open",
    kind="deed",
    answers={"what": "people", "deed": "토요일 아침 하천 치우기", "within": 30, "hours_each": 3},
)
MENDING = replace(
    STREAM,
    title="경로당 문풍지와 형광등을 같이 갈아요",
    addressee="성산 경로당",
    summary="예순 시간이 모였어요. 날을 나누어 하고 있어요.",
    text="바람 새는 문풍지와 깜빡이는 형광등이 서른 개쯤 돼요. 할 줄 아는 사람과 거들 사람이 "
    "함께하면 사흘이면 끝나요.",
    plan=(("재료 준비", 50), ("갈고 점검하기", 50)),
    days=(-4, -1),
    goal=60,
    signed=26,
    backers=16,
    pledge=4,
    answers={"what": "hours", "deed": "경로당 문풍지와 형광등 갈기", "within": 30, "skills": "전기\n도배"},
    given=lambda number: {"skill": "전기"} if number % 4 == 0 else {},
    age=25,
    left=-5,
    ends="underway",
    life="shifts",
    target=10,
    signing=12,
)
TOOLS = replace(
    STREAM,
    title="집수리하는 날에 쓸 연장을 빌려줘요",
    addressee="우리 동네 이웃",
    summary="사다리와 드릴 스무 점이 모였고, 모두 제집으로 돌아갔어요.",
    text="사다리 하나, 드릴 하나가 없어 못 고치는 집이 많아요. 집수리하는 날 하루만 빌려주세요. "
    "3주 안에 돌려드려요.",
    plan=(("연장 모으기", 50), ("고치고 돌려주기", 50)),
    goal=12,
    signed=22,
    backers=13,
    pledge=1,
    answers={"what": "things", "deed": "집수리하는 날에 연장 가져오기", "within": 14, "back": 21},
    given=lambda number: {"thing": ("사다리", "드릴", "톱")[number % 3], "lent": "lend"},
    age=90,
    left=-60,
    ends="delivered",
    life="returned",
    by="junho",
    target=10,
    signing=12,
)
SNOW = replace(
    STREAM,
    title="첫눈 오는 날 골목 눈을 같이 쓸어요",
    summary="마감까지 일곱 명이 모였어요. 다음 겨울에 다시 약속해요.",
    text="눈이 오면 비탈 골목이 얼어요. 스무 사람이 약속하면 첫눈 오는 날 아침에 같이 쓸어요.",
    plan=(("빗자루와 모래 놓기", 50), ("쓸고 모래 뿌리기", 50)),
    signed=11,
    backers=7,
    age=35,
    left=-8,
    ends="expired",
    target=20,
    signing=6,
)

PLAYGROUND = Campaign(
    title="놀이터를 돈과 손으로 함께 고쳐요",
    topic="education",
    addressee="마포구 공원녹지과",
    summary="300만 원과 200시간이 함께 모이면 놀이터를 우리 손으로 고쳐요. "
    "하나라도 모자라면 시작하지 않아요.",
    text="""재료비 300만 원만 있어도, 손 200시간만 있어도 고칠 수 없어요. 둘 다 모여야 시작해요.""",
    plan=(("헌 놀이기구 걷어 내기", 30), ("새로 짓기", 50), ("아이들과 문 열기", 20)),
    target=200,
    goal=3_000_000,
    signed=34,
    backers=26,
    pledge=30_000,
    age=8,
    left=22,
    ends="open",
    beside=(
        Beside(
            "deed",
            200,
            4,
            21,
            answers={"what": "hours", "deed": "놀이터 고치는 일 거들기", "within": 60},
        ),
    ),
)
