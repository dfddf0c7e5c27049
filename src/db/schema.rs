// @generated from the migrated database: UPDATE_SCHEMA=1 cargo test --test api schema_rs

diesel::table! {
    absences (id) {
        id -> Uuid,
        employee_id -> Uuid,
        kind -> Text,
        first_half_day -> Int4,
        last_half_day -> Int4,
        note -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        unit_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    accounts (id) {
        id -> Uuid,
        username -> Text,
        display_name -> Text,
        kind -> Text,
        secret_hash -> Text,
        employee_id -> Nullable<Uuid>,
        institute_id -> Nullable<Uuid>,
        is_active -> Bool,
        epoch -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        jwks -> Nullable<Jsonb>,
        provider_subject_hash -> Nullable<Bytea>,
        search_words -> Text,
    }
}

diesel::table! {
    anonymous_responses (id) {
        id -> Uuid,
        offering_id -> Uuid,
        questionnaire_id -> Uuid,
        answers -> Jsonb,
        score -> Nullable<Float8>,
        phase -> Text,
        respondent_group -> Text,
    }
}

diesel::table! {
    attendance (participant_id, session_id) {
        participant_id -> Uuid,
        session_id -> Uuid,
        status -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log (number) {
        number -> Int8,
        occurred_at -> Timestamptz,
        actor_id -> Uuid,
        actor_name -> Text,
        on_behalf_of_id -> Nullable<Uuid>,
        on_behalf_of_name -> Nullable<Text>,
        permission -> Text,
        request_id -> Text,
        kind -> Text,
        subject_id -> Uuid,
        purpose -> Nullable<Text>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
    }
}

diesel::table! {
    audit_seal_entries (entry) {
        entry -> Int8,
        seal -> Int8,
        digest -> Bytea,
    }
}

diesel::table! {
    audit_seals (number) {
        number -> Int8,
        first_entry -> Int8,
        last_entry -> Int8,
        entries -> Int4,
        digest -> Bytea,
        previous -> Bytea,
        sealed_at -> Timestamptz,
    }
}

diesel::table! {
    certificate_counters (institute_id, year) {
        institute_id -> Uuid,
        year -> Int4,
        last_number -> Int4,
    }
}

diesel::table! {
    certificates (id) {
        id -> Uuid,
        number -> Text,
        participant_id -> Uuid,
        offering_id -> Uuid,
        institute_id -> Uuid,
        employee_id -> Uuid,
        holder_name -> Text,
        course_title -> Text,
        periods -> Int4,
        issued_on -> Date,
        status -> Text,
        revoked_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        check_code -> Text,
        unit_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    client_assertions (account_id, jti_hash) {
        account_id -> Uuid,
        jti_hash -> Bytea,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    competencies (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        content_area -> Text,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    corrective_actions (id) {
        id -> Uuid,
        institute_id -> Uuid,
        course_id -> Uuid,
        offering_id -> Nullable<Uuid>,
        finding -> Text,
        status -> Text,
        reply_due_on -> Date,
        reply -> Nullable<Text>,
        action -> Nullable<Text>,
        action_owner -> Nullable<Text>,
        action_due_on -> Nullable<Date>,
        replied_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        cause -> Text,
        limit_value -> Nullable<Float8>,
        dispute -> Nullable<Text>,
        disputed_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    course_audiences (course_id, job_position_id) {
        course_id -> Uuid,
        job_position_id -> Uuid,
    }
}

diesel::table! {
    course_competencies (course_id, competency_id) {
        course_id -> Uuid,
        competency_id -> Uuid,
        level -> Int2,
    }
}

diesel::table! {
    courses (id) {
        id -> Uuid,
        code -> Text,
        institute_id -> Uuid,
        title -> Text,
        content_area -> Text,
        objectives -> Text,
        periods -> Int4,
        obligation -> Text,
        legal_basis -> Nullable<Text>,
        behaviours -> Array<Text>,
        smallest_change -> Float8,
        minimum_attendance_percent -> Int4,
        refresh_months -> Nullable<Int4>,
        status -> Text,
        requested_changes -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    coverage_rules (id) {
        id -> Uuid,
        unit_id -> Uuid,
        position_group -> Nullable<Text>,
        minimum_present -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    delegations (id) {
        id -> Uuid,
        unit_id -> Uuid,
        principal_account_id -> Uuid,
        deputy_account_id -> Uuid,
        reason -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Date,
        revoked_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    demo_ministry (is_only) {
        is_only -> Bool,
        seed -> Int8,
        format -> Int4,
        built_on -> Date,
    }
}

diesel::table! {
    employee_competencies (id) {
        id -> Uuid,
        employee_id -> Uuid,
        competency_id -> Uuid,
        level -> Int2,
        source -> Text,
        certificate_id -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    employees (id) {
        id -> Uuid,
        code -> Text,
        full_name -> Text,
        name_key -> Text,
        search_text -> Text,
        email -> Text,
        phone -> Nullable<Text>,
        unit_id -> Uuid,
        job_position_id -> Uuid,
        category -> Text,
        status -> Text,
        birth_date -> Nullable<Date>,
        joined_on -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        personal_number -> Nullable<Text>,
        restricted -> Bool,
        erased_at -> Nullable<Timestamptz>,
        search_words -> Text,
    }
}

diesel::table! {
    evaluation_registrations (offering_id) {
        offering_id -> Uuid,
        registered_at -> Timestamptz,
        document -> Text,
        digest -> Text,
    }
}

diesel::table! {
    evaluation_responses (evaluation_id) {
        evaluation_id -> Uuid,
        answers -> Jsonb,
        score -> Nullable<Float8>,
        submitted_at -> Timestamptz,
    }
}

diesel::table! {
    evaluations (id) {
        id -> Uuid,
        offering_id -> Uuid,
        course_id -> Uuid,
        questionnaire_id -> Uuid,
        phase -> Text,
        subject_id -> Uuid,
        subject_group -> Text,
        participant_id -> Uuid,
        unit_id -> Uuid,
        respondent_id -> Uuid,
        opens_on -> Date,
        due_on -> Date,
        status -> Text,
        excuse -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        moved_days -> Int4,
        reminded_at -> Nullable<Timestamptz>,
        escalated_at -> Nullable<Timestamptz>,
        rater -> Text,
    }
}

diesel::table! {
    expected_effects (offering_id) {
        offering_id -> Uuid,
        effects -> Jsonb,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    form_quarters (questionnaire_id, since) {
        questionnaire_id -> Uuid,
        since -> Date,
        shown -> Jsonb,
        waiting -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    form_rollups (offering_id, questionnaire_id) {
        offering_id -> Uuid,
        questionnaire_id -> Uuid,
        released_on -> Date,
        forms -> Int4,
        sums -> Jsonb,
        counted_on -> Nullable<Date>,
    }
}

diesel::table! {
    holidays (day) {
        day -> Date,
        name -> Text,
        is_working_day -> Bool,
    }
}

diesel::table! {
    idempotency_keys (actor_id, operation, key) {
        actor_id -> Uuid,
        operation -> Text,
        key -> Text,
        fingerprint -> Text,
        reply -> Nullable<Jsonb>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    institutes (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        contact_email -> Text,
        contact_name -> Text,
        status -> Text,
        decision_number -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        applicant_hash -> Nullable<Bytea>,
        application_secret_hash -> Nullable<Bytea>,
        search_words -> Text,
    }
}

diesel::table! {
    job_positions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        position_group -> Text,
        is_leadership -> Bool,
        max_consecutive_absence_days -> Nullable<Int4>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    lecturers (id) {
        id -> Uuid,
        institute_id -> Uuid,
        full_name -> Text,
        email -> Nullable<Text>,
        degree -> Text,
        role -> Text,
        subjects -> Array<Text>,
        is_active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    login_attempts (name_hash, address_hash) {
        name_hash -> Bytea,
        address_hash -> Bytea,
        failures -> Int4,
        last_failed_at -> Nullable<Timestamptz>,
        last_succeeded_at -> Nullable<Timestamptz>,
        trying -> Int4,
        day_failures -> Int4,
        day_started_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    login_sessions (id) {
        id -> Uuid,
        account_id -> Uuid,
        user_agent -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        scope -> Nullable<Text>,
    }
}

diesel::table! {
    nomination_half_days (employee_id, half_day) {
        employee_id -> Uuid,
        half_day -> Int4,
        nomination_id -> Uuid,
    }
}

diesel::table! {
    nominations (id) {
        id -> Uuid,
        offering_id -> Uuid,
        course_id -> Uuid,
        institute_id -> Uuid,
        employee_id -> Uuid,
        unit_id -> Uuid,
        basis -> Text,
        motive -> Text,
        plan_line_id -> Nullable<Uuid>,
        outside_plan_reason -> Nullable<Text>,
        succession_entry_id -> Nullable<Uuid>,
        stand_in_id -> Nullable<Uuid>,
        expected_effect -> Text,
        note -> Nullable<Text>,
        status -> Text,
        decision_reason -> Nullable<Text>,
        checks -> Jsonb,
        rule_set -> Text,
        nominated_by -> Uuid,
        decided_at -> Nullable<Timestamptz>,
        waitlisted_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    offering_rollup_rows (offering_id, measure, revision) {
        offering_id -> Uuid,
        measure -> Text,
        rows -> Jsonb,
        revision -> Int4,
    }
}

diesel::table! {
    offering_rollups (offering_id, measure, revision) {
        offering_id -> Uuid,
        measure -> Text,
        released_on -> Date,
        method_version -> Text,
        sums -> Jsonb,
        created_at -> Timestamptz,
        revision -> Int4,
        looked_through -> Date,
    }
}

diesel::table! {
    offerings (id) {
        id -> Uuid,
        code -> Text,
        course_id -> Uuid,
        institute_id -> Uuid,
        mode -> Text,
        attendance -> Text,
        location -> Nullable<Text>,
        seats -> Int4,
        nominations_close_on -> Date,
        status -> Text,
        first_half_day -> Int4,
        last_half_day -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> Uuid,
        kind -> Text,
        subject_id -> Uuid,
        data -> Jsonb,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    participants (id) {
        id -> Uuid,
        nomination_id -> Uuid,
        offering_id -> Uuid,
        institute_id -> Uuid,
        employee_id -> Uuid,
        unit_id -> Uuid,
        number -> Int4,
        status -> Text,
        attendance_percent -> Nullable<Float8>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    password_resets (token_hash) {
        token_hash -> Bytea,
        account_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    performance_ratings (id) {
        id -> Uuid,
        employee_id -> Uuid,
        regime -> Text,
        period_kind -> Text,
        period_start -> Date,
        period_end -> Date,
        score -> Nullable<Float8>,
        class -> Text,
        revision -> Int4,
        is_current -> Bool,
        created_at -> Timestamptz,
        common_score -> Nullable<Float8>,
        task_score -> Nullable<Float8>,
        unit_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    personal_data_requests (id) {
        id -> Uuid,
        employee_id -> Uuid,
        kind -> Text,
        details -> Nullable<Text>,
        corrections -> Nullable<Jsonb>,
        status -> Text,
        received_on -> Date,
        recorded_by -> Uuid,
        acknowledge_by -> Date,
        acknowledged_on -> Nullable<Date>,
        due_on -> Date,
        extended_on -> Nullable<Date>,
        extension_reason -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        refusal_reason -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        asked_by_person -> Bool,
    }
}

diesel::table! {
    position_requirements (id) {
        id -> Uuid,
        job_position_id -> Uuid,
        competency_id -> Uuid,
        level -> Int2,
        is_hard -> Bool,
        legal_basis -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    quality_forms (id) {
        id -> Uuid,
        offering_id -> Uuid,
        questionnaire_id -> Uuid,
        opens_on -> Date,
        due_on -> Date,
        lecturers -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    quality_tokens (token_hash) {
        token_hash -> Bytea,
        quality_form_id -> Uuid,
        number -> Int4,
        lecturer_id -> Uuid,
    }
}

diesel::table! {
    questionnaires (id) {
        id -> Uuid,
        code -> Text,
        revision -> Int4,
        title -> Text,
        level -> Int2,
        audience -> Text,
        course_id -> Nullable<Uuid>,
        is_anonymous -> Bool,
        items -> Jsonb,
        created_at -> Timestamptz,
        instrument -> Text,
        legal_basis -> Nullable<Text>,
        max_blank_percent -> Nullable<Int2>,
        title_en -> Nullable<Text>,
        introduction -> Nullable<Jsonb>,
        search_words -> Text,
    }
}

diesel::table! {
    rate_counts (window_start, key) {
        window_start -> Timestamptz,
        key -> Bytea,
        count -> Int8,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        spent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    results (participant_id, assessment) {
        participant_id -> Uuid,
        assessment -> Text,
        score -> Float8,
        maximum -> Float8,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    revocations (id) {
        id -> Uuid,
        minimum_epoch -> Nullable<Int4>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    role_assignments (id) {
        id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        unit_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    score_panels (quarter, course_code) {
        quarter -> Date,
        course_code -> Text,
        course_id -> Nullable<Uuid>,
        first_quarter -> Date,
        sealed_on -> Date,
        regime_change -> Bool,
        method_version -> Text,
        cohorts -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    seat_draw_entries (nomination_id) {
        nomination_id -> Uuid,
        offering_id -> Uuid,
        employee_id -> Uuid,
        place -> Int4,
        outcome -> Text,
    }
}

diesel::table! {
    seat_draws (offering_id) {
        offering_id -> Uuid,
        status -> Text,
        seed -> Text,
        seed_digest -> Text,
        next_offering_id -> Nullable<Uuid>,
        held_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    second_raters (participant_id) {
        participant_id -> Uuid,
        employee_id -> Nullable<Uuid>,
        relation -> Nullable<Text>,
        unit_id -> Uuid,
        ended -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    security_events (minute, key) {
        minute -> Timestamptz,
        key -> Bytea,
        id -> Uuid,
        kind -> Text,
        reason -> Text,
        account_id -> Nullable<Uuid>,
        name_hash -> Nullable<Bytea>,
        address_hash -> Nullable<Bytea>,
        route -> Text,
        count -> Int8,
    }
}

diesel::table! {
    service_secrets (name) {
        name -> Text,
        value -> Bytea,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        offering_id -> Uuid,
        half_day -> Int4,
        periods -> Int4,
        topic -> Text,
        lecturer_id -> Uuid,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_pkcs8 -> Bytea,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
    }
}

diesel::table! {
    succession_entries (id) {
        id -> Uuid,
        employee_id -> Uuid,
        job_position_id -> Uuid,
        decision_number -> Text,
        valid_from -> Date,
        valid_to -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        unit_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    training_plan_lines (id) {
        id -> Uuid,
        training_plan_id -> Uuid,
        unit_id -> Uuid,
        course_id -> Uuid,
        quota -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    training_plans (id) {
        id -> Uuid,
        year -> Int4,
        title -> Text,
        decision_number -> Nullable<Text>,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    unit_ancestors (ancestor_id, unit_id) {
        ancestor_id -> Uuid,
        unit_id -> Uuid,
        depth -> Int4,
    }
}

diesel::table! {
    unit_quarters (quarter_start, measure, unit_id) {
        quarter_start -> Date,
        measure -> Text,
        unit_id -> Uuid,
        sums -> Jsonb,
    }
}

diesel::table! {
    unit_rollups (offering_id, measure, unit_id) {
        offering_id -> Uuid,
        measure -> Text,
        unit_id -> Uuid,
        sums -> Jsonb,
        revision -> Int4,
    }
}

diesel::table! {
    units (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
        head_employee_id -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        search_words -> Text,
    }
}

diesel::table! {
    waiting_responses (id) {
        id -> Uuid,
        offering_id -> Uuid,
        questionnaire_id -> Uuid,
        phase -> Text,
        respondent_group -> Text,
        sealed -> Bytea,
    }
}

diesel::joinable!(absences -> employees (employee_id));
diesel::joinable!(accounts -> employees (employee_id));
diesel::joinable!(accounts -> institutes (institute_id));
diesel::joinable!(anonymous_responses -> offerings (offering_id));
diesel::joinable!(anonymous_responses -> questionnaires (questionnaire_id));
diesel::joinable!(attendance -> participants (participant_id));
diesel::joinable!(attendance -> sessions (session_id));
diesel::joinable!(audit_seal_entries -> audit_seals (seal));
diesel::joinable!(certificate_counters -> institutes (institute_id));
diesel::joinable!(certificates -> employees (employee_id));
diesel::joinable!(certificates -> institutes (institute_id));
diesel::joinable!(certificates -> offerings (offering_id));
diesel::joinable!(certificates -> participants (participant_id));
diesel::joinable!(client_assertions -> accounts (account_id));
diesel::joinable!(corrective_actions -> courses (course_id));
diesel::joinable!(corrective_actions -> institutes (institute_id));
diesel::joinable!(corrective_actions -> offerings (offering_id));
diesel::joinable!(course_audiences -> courses (course_id));
diesel::joinable!(course_audiences -> job_positions (job_position_id));
diesel::joinable!(course_competencies -> competencies (competency_id));
diesel::joinable!(course_competencies -> courses (course_id));
diesel::joinable!(courses -> institutes (institute_id));
diesel::joinable!(coverage_rules -> units (unit_id));
diesel::joinable!(delegations -> units (unit_id));
diesel::joinable!(employee_competencies -> certificates (certificate_id));
diesel::joinable!(employee_competencies -> competencies (competency_id));
diesel::joinable!(employee_competencies -> employees (employee_id));
diesel::joinable!(employees -> job_positions (job_position_id));
diesel::joinable!(evaluation_registrations -> offerings (offering_id));
diesel::joinable!(evaluation_responses -> evaluations (evaluation_id));
diesel::joinable!(evaluations -> courses (course_id));
diesel::joinable!(evaluations -> offerings (offering_id));
diesel::joinable!(evaluations -> participants (participant_id));
diesel::joinable!(evaluations -> questionnaires (questionnaire_id));
diesel::joinable!(evaluations -> units (unit_id));
diesel::joinable!(expected_effects -> offerings (offering_id));
diesel::joinable!(form_quarters -> questionnaires (questionnaire_id));
diesel::joinable!(form_rollups -> offerings (offering_id));
diesel::joinable!(form_rollups -> questionnaires (questionnaire_id));
diesel::joinable!(lecturers -> institutes (institute_id));
diesel::joinable!(login_sessions -> accounts (account_id));
diesel::joinable!(nomination_half_days -> employees (employee_id));
diesel::joinable!(nomination_half_days -> nominations (nomination_id));
diesel::joinable!(nominations -> courses (course_id));
diesel::joinable!(nominations -> institutes (institute_id));
diesel::joinable!(nominations -> offerings (offering_id));
diesel::joinable!(nominations -> succession_entries (succession_entry_id));
diesel::joinable!(nominations -> training_plan_lines (plan_line_id));
diesel::joinable!(nominations -> units (unit_id));
diesel::joinable!(offering_rollups -> offerings (offering_id));
diesel::joinable!(offerings -> courses (course_id));
diesel::joinable!(offerings -> institutes (institute_id));
diesel::joinable!(participants -> employees (employee_id));
diesel::joinable!(participants -> institutes (institute_id));
diesel::joinable!(participants -> nominations (nomination_id));
diesel::joinable!(participants -> offerings (offering_id));
diesel::joinable!(participants -> units (unit_id));
diesel::joinable!(password_resets -> accounts (account_id));
diesel::joinable!(performance_ratings -> employees (employee_id));
diesel::joinable!(personal_data_requests -> employees (employee_id));
diesel::joinable!(position_requirements -> competencies (competency_id));
diesel::joinable!(position_requirements -> job_positions (job_position_id));
diesel::joinable!(quality_forms -> offerings (offering_id));
diesel::joinable!(quality_forms -> questionnaires (questionnaire_id));
diesel::joinable!(quality_tokens -> lecturers (lecturer_id));
diesel::joinable!(quality_tokens -> quality_forms (quality_form_id));
diesel::joinable!(questionnaires -> courses (course_id));
diesel::joinable!(refresh_tokens -> login_sessions (session_id));
diesel::joinable!(results -> participants (participant_id));
diesel::joinable!(role_assignments -> accounts (account_id));
diesel::joinable!(role_assignments -> units (unit_id));
diesel::joinable!(score_panels -> courses (course_id));
diesel::joinable!(seat_draw_entries -> employees (employee_id));
diesel::joinable!(seat_draw_entries -> nominations (nomination_id));
diesel::joinable!(seat_draw_entries -> seat_draws (offering_id));
diesel::joinable!(second_raters -> employees (employee_id));
diesel::joinable!(second_raters -> participants (participant_id));
diesel::joinable!(second_raters -> units (unit_id));
diesel::joinable!(sessions -> lecturers (lecturer_id));
diesel::joinable!(sessions -> offerings (offering_id));
diesel::joinable!(succession_entries -> employees (employee_id));
diesel::joinable!(succession_entries -> job_positions (job_position_id));
diesel::joinable!(training_plan_lines -> courses (course_id));
diesel::joinable!(training_plan_lines -> training_plans (training_plan_id));
diesel::joinable!(training_plan_lines -> units (unit_id));
diesel::joinable!(unit_quarters -> units (unit_id));
diesel::joinable!(unit_rollups -> units (unit_id));
diesel::joinable!(waiting_responses -> offerings (offering_id));
diesel::joinable!(waiting_responses -> questionnaires (questionnaire_id));

diesel::allow_tables_to_appear_in_same_query!(
    absences,
    accounts,
    anonymous_responses,
    attendance,
    audit_log,
    audit_seal_entries,
    audit_seals,
    certificate_counters,
    certificates,
    client_assertions,
    competencies,
    corrective_actions,
    course_audiences,
    course_competencies,
    courses,
    coverage_rules,
    delegations,
    demo_ministry,
    employee_competencies,
    employees,
    evaluation_registrations,
    evaluation_responses,
    evaluations,
    expected_effects,
    form_quarters,
    form_rollups,
    holidays,
    idempotency_keys,
    institutes,
    job_positions,
    lecturers,
    login_attempts,
    login_sessions,
    nomination_half_days,
    nominations,
    offering_rollup_rows,
    offering_rollups,
    offerings,
    outbox,
    participants,
    password_resets,
    performance_ratings,
    personal_data_requests,
    position_requirements,
    quality_forms,
    quality_tokens,
    questionnaires,
    rate_counts,
    refresh_tokens,
    results,
    revocations,
    role_assignments,
    score_panels,
    seat_draw_entries,
    seat_draws,
    second_raters,
    security_events,
    service_secrets,
    sessions,
    signing_keys,
    succession_entries,
    training_plan_lines,
    training_plans,
    unit_ancestors,
    unit_quarters,
    unit_rollups,
    units,
    waiting_responses,
);
