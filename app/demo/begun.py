"""Campaigns that have just begun: they wait for sponsors, or for a moderator. All of it is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .campaigns import Campaign
from .deeds import STREAM, TOOLS
from .kinds import BAKERY, LOCAL_PAPER, TANGERINES, TUITION


def waiting(campaign: Campaign, ends: str, **changes: Any) -> Campaign:
    """A campaign like this one that nobody but its organizer has seen."""
    signed = 1 if ends == "moderation" else 0
    begun = replace(
        campaign, ends=ends, signed=signed, backers=0, age=1, left=40, reasons=(), life="", days=()
    )
    return replace(begun, **changes)


BEGUN = (
    waiting(
        TUITION,
        "sponsoring",
        title="첫 개인택시 면허 값을 함께 빌려줘요",
        addressee="개인택시를 준비하는 이웃들",
        summary="십 년 무사고 기사 수현에게 면허 값의 마지막 300만 원을 이자 없이 빌려주자는 청원이에요.",
        text="십 년을 회사 택시로 달렸어요. 면허 값에서 모자라는 300만 원을 열두 달에 나누어 갚을게요.",
    ),
    waiting(
        TUITION,
        "moderation",
        title="제과 자격증 학원비를 만 원씩 빌려줘요",
        summary="여섯 달 과정 학원비 300만 원을 이자 없이 빌려주고 열두 달에 나누어 돌려받아요.",
        text="낮에는 빵집에서 일하고 밤에 배우려고 해요. 자격증을 따면 월급이 오르고, 그 돈으로 갚을게요.",
    ),
    waiting(
        TANGERINES,
        "sponsoring",
        title="남해 시금치를 밭에서 바로 함께 사요",
        addressee="남해 시금치 농가",
        summary="쉰 상자가 모이면 경매를 거치지 않고 새벽에 벤 시금치를 받아요.",
        text="새벽에 베어 점심이면 도착해요. 많이 모일수록 모두의 값이 내려가요.",
    ),
    waiting(
        TANGERINES,
        "moderation",
        title="영주 사과를 과수원에서 바로 함께 사요",
        addressee="영주 사과 과수원",
        summary="쉰 상자가 모이면 흠이 조금 있는 사과를 제값의 반에 나누어요.",
        text="우박을 맞은 사과는 맛이 같아도 팔 곳이 없어요. 과수원도 우리도 좋은 값에 나누어요.",
    ),
    waiting(
        BAKERY,
        "sponsoring",
        title="동네 세탁소를 조합원의 세탁소로 이어받아요",
        summary="은퇴하는 사장님의 세탁소를 마흔 구좌로 이어받자는 청원이에요.",
        text="40년 된 세탁소가 이을 사람이 없어 문을 닫는대요. 기계도 단골도 그대로 이어받아요.",
    ),
    waiting(
        BAKERY,
        "moderation",
        title="마을 목욕탕을 협동조합으로 다시 열어요",
        summary="문 닫은 목욕탕을 마흔 구좌로 다시 열자는 청원이에요.",
        text="걸어갈 수 있는 목욕탕이 하나도 남지 않았어요. 조합원은 반값, 이웃은 제값이에요.",
    ),
    waiting(
        LOCAL_PAPER,
        "sponsoring",
        title="골목 극장을 달마다 함께 지켜요",
        summary="한 달 20만 원이 약속되면 마흔 석 극장의 불이 꺼지지 않아요.",
        text="한 달에 영화 두 편을 함께 고르고, 낼 수 있는 만큼 달마다 내요.",
    ),
    waiting(
        LOCAL_PAPER,
        "moderation",
        title="길고양이 병원비를 달마다 함께 내요",
        summary="한 달 20만 원이 약속되면 한 달에 네 마리를 치료해요.",
        text="영수증은 다달이 모두 올려요. 언제든 쉬거나 그만둘 수 있어요.",
    ),
    waiting(
        STREAM,
        "sponsoring",
        title="뒷산 등산로의 부러진 가지를 같이 치워요",
        addressee="마포구 공원녹지과",
        summary="약속한 사람 말고 열 명이 더 모이면 일요일 아침에 올라가요.",
        text="지난 태풍에 부러진 가지가 길을 막고 있어요. 톱은 구청이 빌려줘요.",
    ),
    waiting(
        TOOLS,
        "moderation",
        title="이삿날에 쓸 손수레를 빌려줘요",
        summary="손수레 열두 대가 모이면 골목 이사를 하루에 끝내요.",
        text="트럭이 못 들어오는 골목이에요. 하루만 빌려주면 깨끗이 닦아 돌려드려요.",
    ),
)
