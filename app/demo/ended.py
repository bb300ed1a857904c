"""Campaigns that ended otherwise than hoped, and what then became of the money. All of it is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .campaigns import Campaign
from .kinds import CHILDRENS_MEAL, TUITION
from .passing import ANCHOVIES, BUS_STOP, FRIDGE, TRUCK, WORKSHOP, small


def ended(campaign: Campaign, ends: str, age: int, life: str = "", **changes: Any) -> Campaign:
    """A small campaign like this one that is over by now."""
    over = replace(small(campaign), ends=ends, age=age, left=6 - age, life=life, signing=8, days=())
    return replace(over, **changes)


TOO_FEW_CARDS = "약속은 모였지만 카드 결제가 모자라, 아무도 돈을 내지 않았어요."
ENDED = (
    replace(
        TUITION,
        title="미용 기능장 시험 준비금을 함께 빌려줘요",
        summary="마감까지 구좌가 모자라 아무도 내지 않았어요.",
        text="열 달 뒤에 있는 시험을 준비하려고 해요. 300만 원을 열두 달에 나누어 갚을게요.",
        plan=(("학원 등록증 올리기", 50), ("시험 뒤 소식 전하기", 50)),
        target=20,
        signed=8,
        signing=6,
        backers=5,
        age=40,
        left=-9,
        ends="expired",
        reasons=(),
    ),
    ended(
        TRUCK,
        "released",
        20,
        title="꽃집 온풍기 값을 다섯 이웃이 빌려줘요",
        summary=TOO_FEW_CARDS,
        text="온풍기가 멈추면 꽃이 하룻밤에 얼어요. 5만 원을 빌려주면 다섯 달에 나누어 갚을게요.",
    ),
    ended(
        ANCHOVIES,
        "released",
        21,
        title="벌교 꼬막을 갯벌에서 바로 함께 사요",
        addressee="벌교 꼬막 어민",
        summary=TOO_FEW_CARDS,
        text="중간 상인 없이 갯벌에서 바로 받아요. 열 상자부터 값이 내려가요.",
    ),
    ended(
        WORKSHOP,
        "released",
        22,
        title="동네 사진관을 조합원의 사진관으로 열어요",
        summary=TOO_FEW_CARDS,
        text="필름을 현상하는 마지막 사진관을 열 구좌로 이어받아요.",
    ),
    ended(
        BUS_STOP,
        "stopped",
        30,
        "voted down",
        title="골목 게시판을 새로 세워 주세요",
        addressee="마포구 자치행정과",
        summary="다음 단계를 후원자들이 받아들이지 않았어요. 남은 돈은 낸 비율대로 돌려주었어요.",
        text="낡은 게시판을 걷어 내고, 비에 젖지 않는 새 게시판을 세우자는 청원이에요.",
    ),
    ended(
        ANCHOVIES,
        "stopped",
        31,
        "voted down",
        title="완도 김을 바다에서 바로 함께 사요",
        addressee="완도 김 어민",
        summary="절반을 받은 뒤 멈췄어요. 쓰지 않은 돈은 낸 비율대로 돌려주었어요.",
        text="중간 상인 없이 바다에서 바로 받아요. 열 상자부터 값이 내려가요.",
        plan=(("첫 배 받기", 50), ("둘째 배 받기", 30), ("거점에서 나누기", 20)),
    ),
    ended(
        WORKSHOP,
        "stopped",
        32,
        "voted down",
        title="마을 찻집을 우리 협동조합으로 열어요",
        summary="자리를 얻은 뒤 멈췄어요. 쓰지 않은 출자금은 낸 비율대로 돌려주었어요.",
        text="이야기를 나눌 찻집을 열 구좌로 열어요. 가진 구좌와 상관없이 한 사람이 한 표예요.",
        by="minji",
    ),
    ended(
        FRIDGE,
        "stopped",
        55,
        "given back",
        title="구두 수선집 재봉틀 값을 빌려줘요",
        summary="서른 날 안에 전해지지 못한 돈은 빌려준 사람들에게 모두 돌아갔어요.",
        text="재봉틀이 멈춰 손으로 꿰매고 있어요. 5만 원을 빌려주면 다섯 달에 나누어 갚을게요.",
    ),
    ended(
        CHILDRENS_MEAL,
        "delivered",
        80,
        "months to an end",
        title="방학 동안 공부방 간식을 함께 내요",
        addressee="성산 공부방",
        summary="방학 동안 이어 냈고, 약속한 두 단계를 모두 마쳤어요.",
        text="방학이 끝나면 모두 그만두기로 하고, 그때까지 달마다 간식값을 함께 내요.",
        goal=25_000,
    ),
)
