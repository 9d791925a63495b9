CREATE TABLE "key_claims" (
	"id" text PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"recipient_name" text NOT NULL,
	"recipient_email" text NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone,
	"claimed_from" text,
	"cancelled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "key_consumers" (
	"id" text PRIMARY KEY NOT NULL,
	"lineage_id" text NOT NULL,
	"name" text NOT NULL,
	"owner_name" text NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"ranges" text[] DEFAULT '{}'::text[] NOT NULL,
	"agents" text[] DEFAULT '{}'::text[] NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "key_leak_hits" (
	"report_id" text NOT NULL,
	"key_id" text NOT NULL,
	"action" text NOT NULL,
	CONSTRAINT "key_leak_hits_report_id_key_id_pk" PRIMARY KEY("report_id","key_id")
);
--> statement-breakpoint
CREATE TABLE "key_leak_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"place" text NOT NULL,
	"leaked_at" timestamp with time zone,
	"characters" integer NOT NULL,
	"candidates" integer NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"reported_by" text,
	"reported_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_policies" (
	"platform" text PRIMARY KEY NOT NULL,
	"policy" jsonb NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"updated_by" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_scopes" (
	"platform" text NOT NULL,
	"scope" text NOT NULL,
	"description" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "key_scopes_platform_scope_pk" PRIMARY KEY("platform","scope")
);
--> statement-breakpoint
CREATE TABLE "key_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"consumer_id" text NOT NULL,
	"days_before" bigint,
	"ends_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"acknowledged_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "key_rotations" (
	"id" text PRIMARY KEY NOT NULL,
	"old_key_id" text NOT NULL,
	"new_key_id" text NOT NULL,
	"reason" text NOT NULL,
	"is_emergency" boolean DEFAULT false NOT NULL,
	"started_by" text,
	"started_at" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone NOT NULL,
	"grace_ms" bigint,
	"grace_ends_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"outcome" text,
	"closed_by" text
);
--> statement-breakpoint
CREATE TABLE "key_minutes" (
	"key_id" text NOT NULL,
	"minute_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "key_minutes_key_id_minute_at_pk" PRIMARY KEY("key_id","minute_at")
);
--> statement-breakpoint
CREATE TABLE "key_revocation_probes" (
	"replica_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"latency_ms" double precision,
	CONSTRAINT "key_revocation_probes_replica_id_at_pk" PRIMARY KEY("replica_id","at")
);
--> statement-breakpoint
CREATE TABLE "key_scope_usage" (
	"key_id" text NOT NULL,
	"scope" text NOT NULL,
	"day" date NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "key_scope_usage_key_id_scope_day_pk" PRIMARY KEY("key_id","scope","day")
);
--> statement-breakpoint
CREATE TABLE "key_usage" (
	"key_id" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"span_ms" integer NOT NULL,
	"address" text NOT NULL,
	"agent" text NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "key_usage_key_id_starts_at_span_ms_address_agent_outcome_pk" PRIMARY KEY("key_id","starts_at","span_ms","address","agent","outcome")
);
--> statement-breakpoint
CREATE TABLE "secret_rotations" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_id" text NOT NULL,
	"rotated_at" timestamp with time zone NOT NULL,
	"evidence" text NOT NULL,
	"evidence_url" text,
	"recorded_by" text,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"owner_id" text,
	"owner_name" text DEFAULT '' NOT NULL,
	"procedure_url" text,
	"procedure" text DEFAULT '' NOT NULL,
	"cadence" text NOT NULL,
	"every_days" integer,
	"last_rotated_at" timestamp with time zone,
	"next_due_at" timestamp with time zone,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "format" text DEFAULT 'v2' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "prefix" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "lineage_id" text;--> statement-breakpoint
UPDATE "api_keys" SET lineage_id = id;--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "lineage_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "ip_allow" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "rate_limit_per_min" integer;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "is_probe" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "updated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "activated_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "quarantined_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "end_reason" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "ended_by" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "first_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "key_claims" ADD CONSTRAINT "key_claims_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_leak_hits" ADD CONSTRAINT "key_leak_hits_report_id_key_leak_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."key_leak_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_leak_hits" ADD CONSTRAINT "key_leak_hits_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_policies" ADD CONSTRAINT "key_policies_platform_platforms_id_fk" FOREIGN KEY ("platform") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_scopes" ADD CONSTRAINT "key_scopes_platform_platforms_id_fk" FOREIGN KEY ("platform") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_notices" ADD CONSTRAINT "key_notices_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_notices" ADD CONSTRAINT "key_notices_consumer_id_key_consumers_id_fk" FOREIGN KEY ("consumer_id") REFERENCES "public"."key_consumers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_rotations" ADD CONSTRAINT "key_rotations_old_key_id_api_keys_id_fk" FOREIGN KEY ("old_key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_rotations" ADD CONSTRAINT "key_rotations_new_key_id_api_keys_id_fk" FOREIGN KEY ("new_key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secret_rotations" ADD CONSTRAINT "secret_rotations_secret_id_secrets_id_fk" FOREIGN KEY ("secret_id") REFERENCES "public"."secrets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_platform_platforms_id_fk" FOREIGN KEY ("platform") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "key_claims_token" ON "key_claims" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "key_claims_key" ON "key_claims" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "key_consumers_lineage" ON "key_consumers" USING btree ("lineage_id");--> statement-breakpoint
CREATE UNIQUE INDEX "key_consumers_name" ON "key_consumers" USING btree ("lineage_id","name") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "key_leak_hits_key" ON "key_leak_hits" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "key_leak_reports_at" ON "key_leak_reports" USING btree ("reported_at");--> statement-breakpoint
CREATE UNIQUE INDEX "key_notices_token" ON "key_notices" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "key_notices_once" ON "key_notices" USING btree ("key_id","consumer_id","ends_at","days_before") WHERE days_before is not null;--> statement-breakpoint
CREATE INDEX "key_notices_consumer" ON "key_notices" USING btree ("consumer_id","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "key_rotations_open" ON "key_rotations" USING btree ("old_key_id") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "key_rotations_successor" ON "key_rotations" USING btree ("new_key_id");--> statement-breakpoint
CREATE INDEX "key_rotations_started" ON "key_rotations" USING btree ("old_key_id","started_at");--> statement-breakpoint
CREATE INDEX "key_minutes_at" ON "key_minutes" USING btree ("minute_at");--> statement-breakpoint
CREATE INDEX "key_revocation_probes_at" ON "key_revocation_probes" USING btree ("at");--> statement-breakpoint
CREATE INDEX "key_usage_starts" ON "key_usage" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "secret_rotations_secret" ON "secret_rotations" USING btree ("secret_id","rotated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "secrets_name" ON "secrets" USING btree ("platform","name") WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "secrets_due" ON "secrets" USING btree ("next_due_at");--> statement-breakpoint
CREATE INDEX "api_keys_lineage" ON "api_keys" USING btree ("lineage_id");--> statement-breakpoint
CREATE INDEX "api_keys_owner" ON "api_keys" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "api_keys_pepper" ON "api_keys" USING btree ("pepper_version");