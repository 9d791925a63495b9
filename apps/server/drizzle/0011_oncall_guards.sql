-- Rules of on-call slots that the tables keep by themselves.

ALTER TABLE "oncall_slots" ADD CONSTRAINT "oncall_slots_role" CHECK (role IN ('primary', 'secondary'));--> statement-breakpoint
ALTER TABLE "oncall_slots" ADD CONSTRAINT "oncall_slots_length" CHECK (ends_at > starts_at AND ends_at - starts_at <= interval '14 days');--> statement-breakpoint
ALTER TABLE "oncall_slots" ADD CONSTRAINT "oncall_slots_ended" CHECK ((ended_at IS NULL) = (ended_reason IS NULL) AND ended_at <= ends_at);--> statement-breakpoint

-- No two slots of a role, nor two of a person, share an instant on a platform. Writers of one platform come one after the other, so
-- that each sees what the one before stored; a trigger, for not every Postgres has the extension an exclusion constraint needs.
CREATE FUNCTION "qd_slots_apart"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM platforms WHERE id = NEW.platform_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM oncall_slots s
    WHERE s.platform_id = NEW.platform_id AND s.id <> NEW.id AND (s.role = NEW.role OR s.user_id = NEW.user_id)
      AND greatest(s.starts_at, NEW.starts_at) < least(coalesce(s.ended_at, s.ends_at), coalesce(NEW.ended_at, NEW.ends_at))
  ) THEN
    RAISE EXCEPTION 'somebody is on call then already'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'oncall_slots_apart', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "oncall_slots_apart" BEFORE INSERT OR UPDATE OF platform_id, user_id, role, starts_at, ends_at ON "oncall_slots"
  FOR EACH ROW EXECUTE FUNCTION "qd_slots_apart"();--> statement-breakpoint

-- What is over stays as it was.
CREATE FUNCTION "qd_slot_stays_ended"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a slot that ended stays ended: make another one'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'oncall_slots_stays_ended', TABLE = TG_TABLE_NAME;
END
$$;--> statement-breakpoint
CREATE TRIGGER "oncall_slots_stays_ended" BEFORE UPDATE ON "oncall_slots" FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
  EXECUTE FUNCTION "qd_slot_stays_ended"();
