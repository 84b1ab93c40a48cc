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
@ObjectType({ simpleResolvers: true, description: "What a person has set for themself." })
export class UserSettings {
  @PrimaryColumn("integer", { name: "user_id", primaryKeyConstraintName: "user_settings_pkey" })
  userId!: number;

  @OneToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id", foreignKeyConstraintName: "user_settings_user_id_fkey" })
  user?: Relation<User>;

  @Field(() => Int, { description: "How many chats at a time, 0 to 1000." })
  @Column("integer", { name: "max_chats", default: 3 })
  maxChats!: number;

  @Field(() => Boolean, { description: "Whether a new message makes a sound." })
  @Column("boolean", { name: "chat_sound_new_message", default: true })
  chatSoundNewMessage!: boolean;

  @Field(() => Boolean, { description: "Whether to be told of a ticket that is assigned." })
  @Column("boolean", { name: "notify_on_ticket_assignment", default: true })
  notifyOnTicketAssignment!: boolean;

  @Field(() => Boolean, {
    description: "Whether tickets are browsed without being shown as there.",
  })
  @Column("boolean", { name: "ticket_incognito_mode", default: false })
  ticketIncognitoMode!: boolean;

  @Field(() => Boolean, { description: "Whether calls are answered without a click." })
  @Column("boolean", { name: "calls_auto_answer", default: false })
  callsAutoAnswer!: boolean;

  @Field(() => Boolean, { description: "Whether telephone calls are forwarded." })
  @Column("boolean", { name: "telephone_calls_forwarding", default: false })
  telephoneCallsForwarding!: boolean;

  @Field(() => Boolean, {
    description: "jtel's bUseWebMail: whether voice mail is read in the browser.",
  })
  @Column("boolean", { name: "use_web_mail", default: false })
  useWebMail!: boolean;

  @Field(() => Boolean, {
    description: "jtel's bUseWebEmail: whether e-mail is read in the browser.",
  })
  @Column("boolean", { name: "use_web_email", default: false })
  useWebEmail!: boolean;
}
