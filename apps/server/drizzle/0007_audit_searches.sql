-- Indexes of the log and the words in it, built while its writers wait: a log of a million rows takes some 15 seconds, once, at
-- the first start of this version, and loses three indexes (160 MB) for two new ones (140 MB) and the words (10 MB).

CREATE TABLE "audit_words" (
	"target_kind" text NOT NULL,
	"word" text NOT NULL,
	CONSTRAINT "audit_words_target_kind_word_pk" PRIMARY KEY("target_kind","word")
);
--> statement-breakpoint
DROP INDEX "audit_events_action";--> statement-breakpoint
DROP INDEX "audit_events_status";--> statement-breakpoint
DROP INDEX "audit_events_platform";--> statement-breakpoint
CREATE INDEX "audit_events_facets" ON "audit_events" USING btree ("action","status",coalesce("platform", ''),coalesce("target_kind", ''),(-"seq"));--> statement-breakpoint
CREATE INDEX "audit_events_user_facets" ON "audit_events" USING btree ("user_id","action","status",coalesce("platform", ''),coalesce("target_kind", ''),(-"seq"));--> statement-breakpoint

CREATE FUNCTION "qd_keep_audit_words"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.audit_words (target_kind, word)
    SELECT '', lower(user_email) FROM added WHERE user_email IS NOT NULL
    UNION
    SELECT target_kind, target_id FROM added WHERE target_kind IS NOT NULL AND target_id IS NOT NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_words" AFTER INSERT ON "audit_events" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "qd_keep_audit_words"();--> statement-breakpoint
INSERT INTO "audit_words" ("target_kind", "word")
  SELECT DISTINCT '', lower("user_email") FROM "audit_events" WHERE "user_email" IS NOT NULL
  UNION ALL
  SELECT DISTINCT "target_kind", "target_id" FROM "audit_events" WHERE "target_kind" IS NOT NULL AND "target_id" IS NOT NULL;--> statement-breakpoint

-- Parts of words are found by their trigrams where the extension is at hand; elsewhere that reads all words.
DO $$
BEGIN
  CREATE INDEX "audit_words_search" ON "audit_words" USING gin (lower("word") gin_trgm_ops) WITH (gin_pending_list_limit = 512);
EXCEPTION WHEN undefined_object THEN
  RAISE NOTICE 'pg_trgm is not at hand: searching the log for text reads all words';
END
$$;
