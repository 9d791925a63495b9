CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"platform" text NOT NULL,
	"environment" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"pepper_version" integer NOT NULL,
	"scopes" text[] DEFAULT '{}'::text[] NOT NULL,
	"owner_id" text,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"event_id" text NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"level" text NOT NULL,
	"category" text NOT NULL,
	"action" text NOT NULL,
	"status" text NOT NULL,
	"actor_kind" text NOT NULL,
	"user_id" text,
	"user_email" text,
	"user_role" text,
	"ip_address" text,
	"request_id" text NOT NULL,
	"platform" text,
	"target_kind" text,
	"target_id" text,
	"details" jsonb NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_events_event_id" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deploys" (
	"id" text PRIMARY KEY NOT NULL,
	"platform_id" text NOT NULL,
	"service" text NOT NULL,
	"version" text NOT NULL,
	"summary" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"actor" text,
	"url" text,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"platform_id" text NOT NULL,
	"severity" text NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"name" text PRIMARY KEY NOT NULL,
	"locked_by" text,
	"locked_until" timestamp with time zone,
	"last_started_at" timestamp with time zone,
	"last_finished_at" timestamp with time zone,
	"last_duration_ms" double precision,
	"last_error" text,
	"runs" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platforms" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "facts" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sli_hour" (
	"sli_id" integer NOT NULL,
	"m" integer NOT NULL,
	"total" bigint NOT NULL,
	"bad" bigint NOT NULL,
	"observed" integer NOT NULL,
	"h" bigint[],
	CONSTRAINT "sli_hour_sli_id_m_pk" PRIMARY KEY("sli_id","m")
);
--> statement-breakpoint
CREATE TABLE "sli_minute" (
	"sli_id" integer NOT NULL,
	"m" integer NOT NULL,
	"total" bigint NOT NULL,
	"bad" bigint NOT NULL,
	"observed" integer NOT NULL,
	CONSTRAINT "sli_minute_sli_id_m_pk" PRIMARY KEY("sli_id","m")
);
--> statement-breakpoint
CREATE TABLE "sli_now" (
	"sli_id" integer PRIMARY KEY NOT NULL,
	"m" integer NOT NULL,
	"summary" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sli_pushed" (
	"sli_id" integer NOT NULL,
	"at" timestamp (0) with time zone NOT NULL,
	"good" bigint NOT NULL,
	"total" bigint NOT NULL,
	CONSTRAINT "sli_pushed_sli_id_at_pk" PRIMARY KEY("sli_id","at")
);
--> statement-breakpoint
CREATE TABLE "slos" (
	"id" text PRIMARY KEY NOT NULL,
	"sli_id" integer GENERATED ALWAYS AS IDENTITY (sequence name "slos_sli_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"platform_id" text NOT NULL,
	"source_id" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"owner" text,
	"indicator" jsonb NOT NULL,
	"target_percent" text NOT NULL,
	"window_ms" bigint NOT NULL,
	"anchor_at" timestamp with time zone NOT NULL,
	"caution_ratio" double precision DEFAULT 0.2 NOT NULL,
	"freeze_ratio" double precision DEFAULT 0.1 NOT NULL,
	"measured_since_minute" integer,
	"read_until_minute" integer,
	"last_error" text,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" text PRIMARY KEY NOT NULL,
	"platform_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url" text,
	"interval_ms" integer NOT NULL,
	"server_version" text,
	"last_ok_at" timestamp with time zone,
	"last_tried_at" timestamp with time zone,
	"last_error" text,
	"latency_ms" double precision,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bootstrap_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"platform" text NOT NULL,
	"reason" text NOT NULL,
	"granted_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"idle_expires_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"user_agent" text NOT NULL,
	"address" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"blocked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"state" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"authz_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deploys" ADD CONSTRAINT "deploys_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slos" ADD CONSTRAINT "slos_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slos" ADD CONSTRAINT "slos_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_keys_platform" ON "api_keys" USING btree ("platform");--> statement-breakpoint
CREATE INDEX "audit_events_time" ON "audit_events" USING btree ("timestamp");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "audit_events_user" ON "audit_events" USING btree ("user_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("target_kind","target_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_status" ON "audit_events" USING btree ("status","seq");--> statement-breakpoint
CREATE INDEX "audit_events_platform" ON "audit_events" USING btree ("platform","seq");--> statement-breakpoint
CREATE INDEX "deploys_platform_at" ON "deploys" USING btree ("platform_id","at");--> statement-breakpoint
CREATE INDEX "incidents_platform_started" ON "incidents" USING btree ("platform_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "slos_sli" ON "slos" USING btree ("sli_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slos_platform_slug" ON "slos" USING btree ("platform_id","slug");--> statement-breakpoint
CREATE INDEX "slos_source" ON "slos" USING btree ("source_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sources_platform_name" ON "sources" USING btree ("platform_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "bootstrap_tokens_hash" ON "bootstrap_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "grants_user_role_platform" ON "grants" USING btree ("user_id","role","platform");--> statement-breakpoint
CREATE INDEX "grants_role" ON "grants" USING btree ("role");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_hash" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_first" ON "sign_in_failures" USING btree ("first_at") WHERE blocked_until is null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree ("email_key");