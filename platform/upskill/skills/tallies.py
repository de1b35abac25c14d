"""How tallies of levels follow from evidence: one SQL text, for the trigger and for working all out anew."""

# Of one person and skill, or of all: for each level the latest day on which evidence in effect was earned for it or a
# higher one. Days are the service's own, as everywhere on its pages.
FROM_EVIDENCE = """
    SELECT learner_id, skill_id,
        max(earned_on) FILTER (WHERE level >= 1) AS awareness_on,
        max(earned_on) FILTER (WHERE level >= 2) AS working_on,
        max(earned_on) FILTER (WHERE level >= 3) AS practitioner_on,
        max(earned_on) FILTER (WHERE level >= 4) AS expert_on
    FROM (
        SELECT learner_id, skill_id, level, (earned_at AT TIME ZONE 'Europe/London')::date AS earned_on
        FROM skills_evidence piece
        WHERE level > 0 AND {which}
            AND NOT EXISTS (SELECT FROM skills_evidence later WHERE later.replaces_id = piece.id)
    ) in_effect
    GROUP BY learner_id, skill_id
"""
COLUMNS = "person_id, skill_id, awareness_on, working_on, practitioner_on, expert_on"

# Two pieces of evidence of one person that arrive at once wait for each other, so that the later one counts both.
AFTER_EVIDENCE = f"""
    PERFORM pg_advisory_xact_lock(hashtextextended('level tally', NEW.learner_id));
    DELETE FROM skills_leveltally WHERE person_id = NEW.learner_id AND skill_id = NEW.skill_id;
    INSERT INTO skills_leveltally ({COLUMNS})
        {FROM_EVIDENCE.format(which="learner_id = NEW.learner_id AND skill_id = NEW.skill_id").strip()};
    RETURN NULL;
"""  # noqa: S608 - put together from the texts above alone # nosec B608
