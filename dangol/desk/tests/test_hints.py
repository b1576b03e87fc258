import uuid

from dangol.desk import hints


def test_the_slot_is_empty_until_somebody_fills_it(world, monkeypatch):
    monkeypatch.setattr(hints, "_sources", [])
    key = uuid.uuid4()
    assert hints.hints_for(key, world.ada) == []

    @hints.gives_hints
    def warranty(customer_id, agent):
        return [hints.Hint("보증 연장", text=f"{customer_id} {agent.name}")]

    assert hints.hints_for(key, world.ada) == [hints.Hint("보증 연장", text=f"{key} 아다 상담사")]
