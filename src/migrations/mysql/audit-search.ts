import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditSearch1795267467288 implements MigrationInterface {
  name = 'AuditSearch1795267467288';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_0ded20923357829f1d2bdec361\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_bda5c6e7f668a02fe989c18fb4\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_f7d2ac32745dc979d3bd6f4049\` ON \`audit_events\``);
    await runner.query(`CREATE INDEX \`IDX_c825d6a9edcbca999d0a56e514\` ON \`audit_events\` (\`request_id\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_57701f61b5c22e1e6e77ce42e6\` ON \`audit_events\` (\`ip\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_ef1d91252535b22f6753c3bab3\` ON \`audit_events\` (\`action\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_43b159e20a728afec79bb3bdd4\` ON \`audit_events\` (\`on_behalf_of\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_2cdc744a5a166b7f7de806d765\` ON \`audit_events\` (\`actor_kind\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_f3241ca8f6ad7017c2ae2bf6db\` ON \`audit_events\` (\`actor_id\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_4fae0a0ddfab49979d06821576\` ON \`audit_events\` (\`target_id\`, \`at\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_87d5afd9793d7ee8a3914d1c9d\` ON \`audit_events\` (\`at\`, \`id\`)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX \`IDX_87d5afd9793d7ee8a3914d1c9d\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_4fae0a0ddfab49979d06821576\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_f3241ca8f6ad7017c2ae2bf6db\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_2cdc744a5a166b7f7de806d765\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_43b159e20a728afec79bb3bdd4\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_ef1d91252535b22f6753c3bab3\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_57701f61b5c22e1e6e77ce42e6\` ON \`audit_events\``);
    await runner.query(`DROP INDEX \`IDX_c825d6a9edcbca999d0a56e514\` ON \`audit_events\``);
    await runner.query(`CREATE INDEX \`IDX_f7d2ac32745dc979d3bd6f4049\` ON \`audit_events\` (\`action\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_bda5c6e7f668a02fe989c18fb4\` ON \`audit_events\` (\`target_id\`, \`id\`)`);
    await runner.query(`CREATE INDEX \`IDX_0ded20923357829f1d2bdec361\` ON \`audit_events\` (\`actor_id\`, \`id\`)`);
  }
}
