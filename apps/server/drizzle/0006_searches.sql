CREATE INDEX "audit_events_email" ON "audit_events" USING btree (lower("user_email"),"seq");--> statement-breakpoint
CREATE INDEX "users_name" ON "users" USING btree (lower("name"),"id");