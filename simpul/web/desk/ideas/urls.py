"""Addresses under /meja/ide/."""

from __future__ import annotations

from django.urls import path

from simpul.web.desk.ideas import meeting, pages, paper, plan, steps, taking, talk

urlpatterns = [
    path("", pages.listed, name="desk_ideas"),
    path("baca/", pages.waiting, name="desk_ideas_waiting"),
    path("kabar/", pages.untold, name="desk_ideas_untold"),
    path("kabar/<uuid:step_id>/", steps.tell, name="desk_idea_tell"),
    path("tunda/", pages.deferred, name="desk_ideas_deferred"),
    path("jejak/", pages.trace, name="desk_ideas_trace"),
    path("angka/", pages.figures, name="desk_ideas_figures"),
    path("bantu/", taking.assist, name="desk_ideas_assist"),
    path("bantu/<uuid:assistance_id>/selesai/", taking.assist_end, name="desk_ideas_assist_end"),
    path("baru/", taking.new, name="desk_idea_new"),
    path("dari/<uuid:case_id>/", taking.adopt, name="desk_idea_adopt"),
    path("tanggapan/<uuid:comment_id>/", talk.judge_comment, name="desk_idea_comment"),
    path("kalimat/<uuid:statement_id>/", talk.judge_statement, name="desk_idea_statement"),
    path("rencana/", plan.year, name="desk_plan"),
    path("rencana/hari/", plan.days, name="desk_plan_days"),
    path("rencana/baris/", plan.new_row, name="desk_plan_row_new"),
    path("rencana/baris/<uuid:row_id>/", plan.row, name="desk_plan_row"),
    path("rencana/baris/<uuid:row_id>/putus/", plan.decide, name="desk_plan_decide"),
    path("rencana/tetapkan/", plan.set_list, name="desk_plan_set"),
    path("rencana/kirim/", plan.send_list, name="desk_plan_send"),
    path("rencana/cetak/", paper.plan_print, name="desk_plan_print"),
    path("rencana/ekspor/", paper.plan_csv, name="desk_plan_csv"),
    path("musyawarah/<uuid:meeting_id>/", meeting.agenda, name="desk_ideas_meeting"),
    path("musyawarah/<uuid:meeting_id>/cetak/", paper.ranking_print, name="desk_ideas_meeting_print"),
    path("musyawarah/<uuid:meeting_id>/<uuid:idea_id>/", meeting.rank, name="desk_idea_rank"),
    path("peringkat/<uuid:ranking_id>/batal/", meeting.undo, name="desk_idea_rank_undo"),
    path("<uuid:idea_id>/", pages.one, name="desk_idea"),
    path("<uuid:idea_id>/ubah/", taking.change, name="desk_idea_change"),
    path("<uuid:idea_id>/langkah/<slug:name>/", steps.step, name="desk_idea_step"),
    path("<uuid:idea_id>/gabung/", steps.merge, name="desk_idea_merge"),
    path("<uuid:idea_id>/dukungan/", talk.support, name="desk_idea_support"),
    path("<uuid:idea_id>/tanggapan/", talk.speak, name="desk_idea_speak"),
    path("<uuid:idea_id>/kalimat/", talk.offer, name="desk_idea_offer"),
    path("<uuid:idea_id>/cetak/", paper.idea_print, name="desk_idea_print"),
]
