-- Rules of access the tables keep by themselves.

ALTER TABLE "users" DROP CONSTRAINT "users_state";--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_state" CHECK (state IN ('invited', 'active', 'suspended', 'offboarded'));--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_state" CHECK (state IN ('active', 'suspended'));--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_id" CHECK (id ~ '^role_[A-Za-z0-9_-]{4,40}$');--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_assurance" CHECK (assurance IN (1, 2));--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_platform" CHECK (platform = '*' OR platform ~ '^[a-z][a-z0-9-]{1,31}$');--> statement-breakpoint
ALTER TABLE "reset_links" ADD CONSTRAINT "reset_links_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "auth_challenges" ADD CONSTRAINT "auth_challenges_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_hash_length" CHECK (octet_length(hash) = 32);--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_hash_length" CHECK (octet_length(params_hash) = 32);--> statement-breakpoint
ALTER TABLE "factor_policies" ADD CONSTRAINT "factor_policies_grace" CHECK (grace_ms >= 0);--> statement-breakpoint
ALTER TABLE "audit_checkpoints" ADD CONSTRAINT "audit_checkpoints_hash" CHECK (octet_length(hash) = 32);--> statement-breakpoint
ALTER TABLE "audit_segments" ADD CONSTRAINT "audit_segments_range" CHECK (from_seq >= 1 AND to_seq >= from_seq AND octet_length(hash) = 32);--> statement-breakpoint

-- An owner counts only who can still sign in.
CREATE OR REPLACE FUNCTION "qd_keep_an_owner"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Nested, because a record without the field is refused even where the condition is not met.
  IF TG_TABLE_NAME = 'users' THEN
    IF NOT EXISTS (
      SELECT FROM public.grants WHERE user_id = NEW.id AND role = 'owner' AND platform = '*' AND expires_at IS NULL
    ) THEN
      RETURN NULL;
    END IF;
  ELSIF TG_TABLE_NAME IN ('passkeys', 'oidc_identities') THEN
    IF NOT EXISTS (
      SELECT FROM public.grants WHERE user_id = OLD.user_id AND role = 'owner' AND platform = '*' AND expires_at IS NULL
    ) THEN
      RETURN NULL;
    END IF;
  END IF;
  -- One at a time: two owners who remove each other at once would each still see the other.
  PERFORM pg_advisory_xact_lock(1902409070);
  IF NOT EXISTS (
    SELECT FROM public.grants g JOIN public.users u ON u.id = g.user_id
    WHERE g.role = 'owner' AND g.platform = '*' AND g.expires_at IS NULL AND u.state = 'active' AND NOT u.is_demo
      AND (
        u.password_hash IS NOT NULL
        OR EXISTS (SELECT FROM public.passkeys p WHERE p.user_id = u.id)
        OR EXISTS (SELECT FROM public.oidc_identities i WHERE i.user_id = u.id)
      )
  ) THEN
    RAISE EXCEPTION 'the last active owner must remain: make somebody else owner of all platforms first'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'last_owner', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$;--> statement-breakpoint
DROP TRIGGER "users_last_owner" ON "users";--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "users_last_owner" AFTER UPDATE OF state, is_demo, password_hash ON "users" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (
    OLD.state = 'active' AND NOT OLD.is_demo
    AND (NEW.state <> 'active' OR NEW.is_demo OR (OLD.password_hash IS NOT NULL AND NEW.password_hash IS NULL))
  ) EXECUTE FUNCTION "qd_keep_an_owner"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "passkeys_last_owner" AFTER DELETE ON "passkeys" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "qd_keep_an_owner"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "oidc_identities_last_owner" AFTER DELETE ON "oidc_identities" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "qd_keep_an_owner"();--> statement-breakpoint

-- Rows of the log leave only behind an archive that was read back and fitted.
DROP TRIGGER "audit_events_append_only" ON "audit_events";--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE FUNCTION "qd_keep_unarchived"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM public.audit_segments s
    WHERE s.verified_at IS NOT NULL AND OLD.seq BETWEEN s.from_seq AND s.to_seq
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% keeps what it holds: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Archive the rows and verify the archive first.';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_keep_unarchived" BEFORE DELETE ON "audit_events"
  FOR EACH ROW EXECUTE FUNCTION "qd_keep_unarchived"();--> statement-breakpoint
CREATE TRIGGER "audit_checkpoints_append_only" BEFORE DELETE OR TRUNCATE ON "audit_checkpoints"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE TRIGGER "audit_segments_append_only" BEFORE DELETE OR TRUNCATE ON "audit_segments"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint

-- What was asked for and who agreed is kept, and cannot be changed under those who agreed.
CREATE TRIGGER "approvals_kept" BEFORE DELETE OR TRUNCATE ON "approvals"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE TRIGGER "approval_votes_kept" BEFORE UPDATE OR DELETE OR TRUNCATE ON "approval_votes"
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_append_only"();--> statement-breakpoint
CREATE FUNCTION "qd_approval_is_bound"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.kind, NEW.params, NEW.params_hash, NEW.summary, NEW.rules, NEW.requested_by, NEW.requested_at)
    IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.params, OLD.params_hash, OLD.summary, OLD.rules, OLD.requested_by, OLD.requested_at) THEN
    RAISE EXCEPTION 'a request for approval is bound to what was asked for' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('rejected', 'executed', 'cancelled', 'lapsed', 'failed') THEN
    RAISE EXCEPTION 'a settled request for approval does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "approvals_bound" BEFORE UPDATE ON "approvals"
  FOR EACH ROW EXECUTE FUNCTION "qd_approval_is_bound"();--> statement-breakpoint

-- Parts of names and addresses are found by their trigrams where the extension is at hand; elsewhere the search reads all rows.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "users_search" ON "users" USING gin (search_text gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not at hand: searching people reads all rows';
END
$$;
