ALTER TABLE "sli_now" ALTER COLUMN "summary" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "sli_now" ADD COLUMN "freshness" text;--> statement-breakpoint
ALTER TABLE "sli_now" ADD COLUMN "data_at" bigint;--> statement-breakpoint
UPDATE "sli_now" SET "freshness" = "summary" ->> 'freshness', "data_at" = ("summary" ->> 'dataAt')::bigint;--> statement-breakpoint
ALTER TABLE "sli_now" ALTER COLUMN "freshness" SET NOT NULL;--> statement-breakpoint
-- A list row of four kilobytes stays in its page: a list need not look each up in a second table.
ALTER TABLE "sli_now" SET (toast_tuple_target = 4080);
