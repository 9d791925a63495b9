-- Rules the tables keep by themselves, whoever writes: what a schema file cannot say.

-- Hour graphs are answered from the index alone.
ALTER TABLE "sli_hour" DROP CONSTRAINT "sli_hour_sli_id_m_pk";--> statement-breakpoint
ALTER TABLE "sli_hour" ADD CONSTRAINT "sli_hour_sli_id_m_pk" PRIMARY KEY ("sli_id", "m") INCLUDE ("total", "bad", "observed");--> statement-breakpoint
-- Rewritten every minute: room on the page keeps the new version beside the old one, without touching the index.
ALTER TABLE "sli_now" SET (fillfactor = 70);--> statement-breakpoint

ALTER TABLE "sli_minute" ADD CONSTRAINT "sli_minute_counts" CHECK (bad >= 0 AND bad <= total AND observed >= 0);--> statement-breakpoint
ALTER TABLE "sli_hour" ADD CONSTRAINT "sli_hour_counts" CHECK (bad >= 0 AND bad <= total AND observed >= 0);--> statement-breakpoint
ALTER TABLE "sli_pushed" ADD CONSTRAINT "sli_pushed_counts" CHECK (good >= 0 AND good <= total);--> statement-breakpoint
ALTER TABLE "slos" ADD CONSTRAINT "slos_window" CHECK (window_ms > 0);--> statement-breakpoint
ALTER TABLE "slos" ADD CONSTRAINT "slos_zones" CHECK (freeze_ratio >= 0 AND freeze_ratio <= caution_ratio AND caution_ratio <= 1);--> statement-breakpoint
ALTER TABLE "slos" ADD CONSTRAINT "slos_target" CHECK (target_percent ~ '^[0-9]{1,2}([.][0-9]{1,6})?$');--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_interval" CHECK (interval_ms > 0);--> statement-breakpoint
ALTER TABLE "platforms" ADD CONSTRAINT "platforms_id" CHECK (id ~ '^[a-z][a-z0-9-]{1,31}$');--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_platform" CHECK (platform = '*' OR platform ~ '^[a-z][a-z0-9-]{1,31}$');--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_state" CHECK (state IN ('active', 'suspended'));--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_token_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "bootstrap_tokens" ADD CONSTRAINT "bootstrap_tokens_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_times" CHECK (resolved_at >= started_at);--> statement-breakpoint
ALTER TABLE "deploys" ADD CONSTRAINT "deploys_times" CHECK (settled_at >= at);--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_hashes" CHECK (octet_length(prev_hash) = 32 AND octet_length(hash) = 32);--> statement-breakpoint
ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_one" CHECK (id = 'main' AND octet_length(hash) = 32);--> statement-breakpoint

-- The chain begins with 32 zero bytes; writers lock this row.
INSERT INTO "audit_head" ("id", "seq", "hash") VALUES ('main', 0, decode(repeat('00', 32), 'hex'));--> statement-breakpoint

CREATE FUNCTION "qd_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps what it holds: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Record a new event that corrects the old one.';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE TRIGGER "audit_head_append_only" BEFORE DELETE OR TRUNCATE ON "audit_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE FUNCTION "qd_audit_head_moves_on"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id IS DISTINCT FROM OLD.id OR NEW.seq <= OLD.seq THEN
    RAISE EXCEPTION 'the head of the audit chain only moves on: from % to %', OLD.seq, NEW.seq
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_head_moves_on" BEFORE UPDATE ON "audit_head"
  FOR EACH ROW EXECUTE FUNCTION "qd_audit_head_moves_on"();--> statement-breakpoint

-- Somebody must always be able to let others in. Checked when the transaction commits, so that ownership can be handed
-- over in any order. People of the demo do not count, and can be removed before there is an owner.
CREATE FUNCTION "qd_keep_an_owner"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'users' AND NOT EXISTS (
    SELECT FROM public.grants WHERE user_id = NEW.id AND role = 'owner' AND platform = '*' AND expires_at IS NULL
  ) THEN
    RETURN NULL;
  END IF;
  -- One at a time: two owners who remove each other at once would each still see the other.
  PERFORM pg_advisory_xact_lock(1902409070);
  IF NOT EXISTS (
    SELECT FROM public.grants g JOIN public.users u ON u.id = g.user_id
    WHERE g.role = 'owner' AND g.platform = '*' AND g.expires_at IS NULL AND u.state = 'active' AND NOT u.is_demo
  ) THEN
    RAISE EXCEPTION 'the last active owner must remain: make somebody else owner of all platforms first'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'last_owner', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "qd_is_demo_user"(id text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.users u WHERE u.id = $1 AND u.is_demo)
$$;--> statement-breakpoint
CREATE FUNCTION "qd_drop_demo_grants"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Before the person goes: afterwards nobody could tell whose grants they were.
  DELETE FROM public.grants WHERE user_id = OLD.id;
  RETURN OLD;
END
$$;--> statement-breakpoint
CREATE TRIGGER "users_drop_demo_grants" BEFORE DELETE ON "users"
  FOR EACH ROW WHEN (OLD.is_demo) EXECUTE FUNCTION "qd_drop_demo_grants"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "grants_last_owner" AFTER UPDATE OR DELETE ON "grants" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.platform = '*' AND OLD.expires_at IS NULL AND NOT qd_is_demo_user(OLD.user_id))
  EXECUTE FUNCTION "qd_keep_an_owner"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "users_last_owner" AFTER UPDATE OF state, is_demo ON "users" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.state = 'active' AND NOT OLD.is_demo) EXECUTE FUNCTION "qd_keep_an_owner"();
