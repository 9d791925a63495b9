CREATE TABLE "oncall_slots" (
	"id" text PRIMARY KEY NOT NULL,
	"platform_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"ended_reason" text
);
--> statement-breakpoint
ALTER TABLE "oncall_slots" ADD CONSTRAINT "oncall_slots_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oncall_slots" ADD CONSTRAINT "oncall_slots_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "oncall_slots_platform" ON "oncall_slots" USING btree ("platform_id","starts_at");--> statement-breakpoint
CREATE INDEX "oncall_slots_person" ON "oncall_slots" USING btree ("user_id","ends_at");--> statement-breakpoint
CREATE INDEX "oncall_slots_starts" ON "oncall_slots" USING btree ("starts_at","id");