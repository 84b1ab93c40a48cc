import { Field, Int, ObjectType } from "type-graphql";
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from "typeorm";
import { User } from "./user.entity.js";

@Entity("user_settings")
@Index("user_settings_no_chats_idx", ["userId"], { where: "max_chats = 0" })
@Check("user_settings_max_chats_check", `max_chats BETWEEN 0 AND 1000`)
@ObjectType({ simpleResolvers: true, description: "The settings of a user." })
export class UserSettings {
  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "user_settings_pkey" })
  userId!: number;

  @OneToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_settings_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => Int, { description: "The maximum number of concurrent chats, 0 to 1000." })
  @Column("integer", { name: "max_chats", default: 3 })
  maxChats!: number;

  @Field(() => Boolean, { description: "Whether a new message plays a sound." })
  @Column("boolean", { name: "chat_sound_new_message", default: true })
  chatSoundNewMessage!: boolean;

  @Field(() => Boolean, { description: "Whether the assignment of a ticket is notified." })
  @Column("boolean", { name: "notify_on_ticket_assignment", default: true })
  notifyOnTicketAssignment!: boolean;

  @Field(() => Boolean, {
    description: "Whether the user can view tickets without being displayed as a viewer.",
  })
  @Column("boolean", { name: "ticket_incognito_mode", default: false })
  ticketIncognitoMode!: boolean;

  @Field(() => Boolean, { description: "Whether calls are answered automatically." })
  @Column("boolean", { name: "calls_auto_answer", default: false })
  callsAutoAnswer!: boolean;

  @Field(() => Boolean, { description: "Whether phone calls are forwarded." })
  @Column("boolean", { name: "telephone_calls_forwarding", default: false })
  telephoneCallsForwarding!: boolean;

  @Field(() => Boolean, {
    description: "jtel's bUseWebMail: voice mail in the browser.",
  })
  @Column("boolean", { name: "use_web_mail", default: false })
  useWebMail!: boolean;

  @Field(() => Boolean, {
    description: "jtel's bUseWebEmail: e-mail in the browser.",
  })
  @Column("boolean", { name: "use_web_email", default: false })
  useWebEmail!: boolean;
}
