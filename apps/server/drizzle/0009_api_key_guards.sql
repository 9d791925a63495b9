-- What is known of keys made before, and rules the tables keep by themselves.

UPDATE "api_keys" SET activated_at = created_at, first_used_at = last_used_at WHERE hash IS NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_format" CHECK (format IN ('v2', 'seed16', 'opaque'));--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_activated" CHECK ((hash IS NULL) = (activated_at IS NULL));--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_rate_limit" CHECK (rate_limit_per_min BETWEEN 1 AND 10000000);--> statement-breakpoint
ALTER TABLE "key_rotations" ADD CONSTRAINT "key_rotations_closed" CHECK ((closed_at IS NULL) = (outcome IS NULL));--> statement-breakpoint
ALTER TABLE "key_rotations" ADD CONSTRAINT "key_rotations_other" CHECK (old_key_id <> new_key_id);--> statement-breakpoint
ALTER TABLE "key_notices" ADD CONSTRAINT "key_notices_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "key_claims" ADD CONSTRAINT "key_claims_hash_length" CHECK (octet_length(token_hash) = 32);--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_cadence" CHECK ((cadence = 'days') = (every_days IS NOT NULL) AND every_days BETWEEN 1 AND 3660);--> statement-breakpoint

-- A key that was revoked stays revoked, and whatever was a key of ours stays known.
CREATE FUNCTION "qd_keep_tombstones"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.is_demo THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'a key stays known for ever: revoke it instead'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'api_keys_tombstone', TABLE = TG_TABLE_NAME;
  END IF;
  IF NEW.revoked_at IS NULL OR NEW.revoked_at > OLD.revoked_at THEN
    RAISE EXCEPTION 'a revoked key stays revoked: make another one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'api_keys_tombstone', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "api_keys_no_delete" BEFORE DELETE ON "api_keys" FOR EACH ROW EXECUTE FUNCTION "qd_keep_tombstones"();--> statement-breakpoint
CREATE TRIGGER "api_keys_no_revival" BEFORE UPDATE OF revoked_at ON "api_keys" FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL)
  EXECUTE FUNCTION "qd_keep_tombstones"();
