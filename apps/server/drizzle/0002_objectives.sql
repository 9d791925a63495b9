CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"body" jsonb NOT NULL,
	"dedup_key" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "slo_alert_events" (
	"id" text PRIMARY KEY NOT NULL,
	"slo_id" text NOT NULL,
	"platform_id" text NOT NULL,
	"kind" text NOT NULL,
	"transition" text NOT NULL,
	"severity" text NOT NULL,
	"tier" text,
	"at" timestamp with time zone NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"summary" text NOT NULL,
	"details" jsonb NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slo_alerts" (
	"slo_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"severity" text NOT NULL,
	"tier" text,
	"fired_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"summary" text NOT NULL,
	CONSTRAINT "slo_alerts_slo_id_kind_pk" PRIMARY KEY("slo_id","kind")
);
--> statement-breakpoint
CREATE TABLE "exclusion_versions" (
	"exclusion_id" text NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "exclusion_versions_exclusion_id_version_pk" PRIMARY KEY("exclusion_id","version")
);
--> statement-breakpoint
CREATE TABLE "exclusions" (
	"id" text PRIMARY KEY NOT NULL,
	"platform_id" text NOT NULL,
	"slo_id" text,
	"category" text NOT NULL,
	"reason" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"duration_ms" bigint NOT NULL,
	"rrule" text,
	"time_zone" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"updated_by" text NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"is_demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slo_overrides" (
	"id" text PRIMARY KEY NOT NULL,
	"slo_id" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "slo_revisions" (
	"slo_id" text NOT NULL,
	"revision" integer NOT NULL,
	"sli_id" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"is_remeasured" boolean DEFAULT false NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "slo_revisions_slo_id_revision_pk" PRIMARY KEY("slo_id","revision")
);
--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "calendar" jsonb;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "judged_by" text DEFAULT 'window' NOT NULL;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "other_windows" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "alerting" jsonb;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "exclusion_mode" text DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "meanings" jsonb;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "service" text;--> statement-breakpoint
ALTER TABLE "slos" ADD COLUMN "labels" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "slo_alert_events" ADD CONSTRAINT "slo_alert_events_slo_id_slos_id_fk" FOREIGN KEY ("slo_id") REFERENCES "public"."slos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slo_alert_events" ADD CONSTRAINT "slo_alert_events_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slo_alerts" ADD CONSTRAINT "slo_alerts_slo_id_slos_id_fk" FOREIGN KEY ("slo_id") REFERENCES "public"."slos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exclusion_versions" ADD CONSTRAINT "exclusion_versions_exclusion_id_exclusions_id_fk" FOREIGN KEY ("exclusion_id") REFERENCES "public"."exclusions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exclusions" ADD CONSTRAINT "exclusions_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exclusions" ADD CONSTRAINT "exclusions_slo_id_slos_id_fk" FOREIGN KEY ("slo_id") REFERENCES "public"."slos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slo_overrides" ADD CONSTRAINT "slo_overrides_slo_id_slos_id_fk" FOREIGN KEY ("slo_id") REFERENCES "public"."slos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slo_revisions" ADD CONSTRAINT "slo_revisions_slo_id_slos_id_fk" FOREIGN KEY ("slo_id") REFERENCES "public"."slos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_dedup" ON "notifications" USING btree ("channel","dedup_key");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("next_attempt_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "slo_alert_events_platform_at" ON "slo_alert_events" USING btree ("platform_id","at");--> statement-breakpoint
CREATE INDEX "slo_alert_events_slo_at" ON "slo_alert_events" USING btree ("slo_id","at");--> statement-breakpoint
CREATE INDEX "exclusions_platform" ON "exclusions" USING btree ("platform_id","starts_at");--> statement-breakpoint
CREATE INDEX "slo_overrides_slo" ON "slo_overrides" USING btree ("slo_id","until");