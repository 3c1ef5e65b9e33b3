"""The words Korean bylines are made of: family names, places, agencies, titles.

Closed lists: a Korean name is two to four syllables like any other word, so its family name
and the title behind it are what tells it from a sentence.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FAMILIES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채"
    "원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉사부경태빈형"
    "라려리림량로감갈견계궁단당동두묵범복상순승시야음좌창초탄판팽평포피필해호화간뇌온옹운자종준탕학"
)
LONG_FAMILIES: Final = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방")

PLACES: Final = _words(
    "서울 부산 대구 인천 광주 대전 울산 세종 수원 성남 고양 용인 안양 안산 파주 의정부 평택 화성"
    " 춘천 강릉 원주 속초 고성 동해 삼척 평창 청주 충주 제천 천안 아산 전주 군산 익산 정읍 남원"
    " 목포 여수 순천 나주 진도 해남 포항 경주 안동 구미 김천 성주 창원 진주 김해 양산 거제 통영"
    " 밀양 제주 서귀포 강화 연천 철원 판문점 평양 개성 금강산 도쿄 교토 오사카 베이징 상하이 선양"
    " 단둥 옌지 홍콩 타이베이 하노이 방콕 자카르타 싱가포르 마닐라 뉴델리 모스크바 블라디보스토크"
    " 베를린 파리 런던 브뤼셀 제네바 로마 마드리드 바르샤바 키이우 이스탄불 카이로 두바이 예루살렘"
    " 워싱턴 뉴욕 로스앤젤레스 샌프란시스코 시카고 호놀룰루 시드니"
)
"""Places that may stand before a name without a mark between, and are no names themselves."""

AGENCIES: Final = _words(
    "연합뉴스 뉴시스 뉴스1 연합 로이터 신화통신 신화 교도통신 교도 타스통신 타스 조선중앙통신"
    " 조선중앙텔레비전 노동신문 공동취재단 사진공동취재단 공동취재사진 공동취재 한겨레 한겨레21"
    " 씨네21 이코노미인사이트 AP AFP EPA UPI DPA KCNA 블룸버그 게티이미지 게티이미지뱅크"
)
EMPLOYER: Final = "한겨레"

WORK: Final = (
    "글|사진|그림|정리|취재|영상편집|영상|촬영|번역|통역|진행|대담|인터뷰|구성|기획|그래픽"
    "|일러스트|편집|녹취"
)
"""What people did, an alternative each."""

SOURCES: Final = ("제공", "갈무리", "자료사진", "캡처")
"""How the source of a picture ends, which is no author: ``사진 강원도 제공``."""

DESK_ENDS: Final = "뉴스팀|뉴스부|취재단|취재팀|편집부|편집국|기자단|데스크|이슈팀"
DEPARTMENTS: Final = (
    "정치|경제|사회|문화|국제|산업|스포츠|체육|전국|사진|편집|탐사|이슈|통일외교|국방|금융|증권"
    "|법조|교육|환경|노동|여론|오피니언|디지털|콘텐츠"
)

TITLES: Final = tuple(
    _words(
        "기자 특파원 위원 교수 소장 대표 작가 변호사 연구원 평론가 칼럼니스트 편집장 편집인 에디터"
        " 국장 부장 팀장 실장 감독 시인 소설가 수필가 의사 간사 활동가 이사 이사장 원장 센터장 총장"
        " 교사 목사 신부 스님 화가 피디 PD 인턴 강사 박사 위원장 처장 의원 회장 사장 본부장 기획자"
        " 번역가 통신원 저자 교장 학생 건축가 디자이너 사진가 만화가 음악가 배우 노무사 회계사 약사"
        " 농부 학자 전문의 저널리스트 고문 주필 논설주간 발행인 장관 차관 대사 연구자 운영자 단장"
    )
)
"""How a title ends."""
NEWSROOM: Final = ("기자", "특파원", "논설위원", "에디터", "통신원", "피디", "PD", "인턴")
"""How a title of the newspaper's own people ends."""

QUALIFIERS: Final = _words("선임 인턴 객원 수습 전문 시민 사진 영상 교육 의학 환경 순회 주재")
"""First half of a title: ``선임기자`` is no person called 선임."""
AFFILIATION_ENDS: Final = ("대", "부", "과", "단", "당", "회", "처", "청", "국", "대학")
PARTICLES: Final = ("는", "를", "에", "과", "와", "께", "면", "던", "듯", "까")
"""Particles and endings of a sentence which end no name."""
