import type { Kernel, Service } from "../../kernel/service.ts";
import { openActivities } from "./api/activities.ts";
import { executionOperations, openExecutionStarter } from "./api/executions.ts";
import { machineOperations } from "./api/machines.ts";
import { mapRunOperations } from "./api/map-runs.ts";
import { tokenOperations } from "./api/tokens.ts";
import { openMapRunner } from "./map-run/run.ts";
import { declareMachines } from "./declared.ts";
import { openEngine, type Engine } from "./engine.ts";
import { openMonitor } from "./monitor.ts";
import { publishStatus } from "./status.ts";
import { openExecutions } from "./store/executions.ts";
import { openMapRuns } from "./store/map-runs.ts";
import { openMachines } from "./store/machines.ts";
import { defineTables } from "./store/tables.ts";
import { openTasks } from "./store/tasks.ts";
import { childSignal } from "./task/children.ts";
import { openPerformer } from "./task/perform.ts";

export function startStates(kernel: Kernel): Service {
  const { store } = kernel;
  defineTables(store);
  const machines = openMachines(store);
  const executions = openExecutions(store, machines);
  const tasks = openTasks(store);
  declareMachines(kernel, machines);

  const start = openExecutionStarter(kernel, machines, executions, (): Engine => engine);
  const monitor = openMonitor(kernel, machines);
  const activities = openActivities(kernel, tasks, (): Engine => engine);
  const performer = openPerformer({
    kernel,
    machines,
    executions,
    tasks,
    engine: (): Engine => engine,
    wakeWorker: activities.wake,
  });
  const mapRuns = openMapRuns(store);
  const mapRunner = openMapRunner({ kernel, machines, executions, mapRuns, engine: (): Engine => engine });
  const engine = openEngine(kernel, executions, tasks, {
    committed(execution, events) {
      if (events[0]?.type === "ExecutionStarted") monitor.started(execution.machine.arn);
      monitor.log(execution, events);
    },
    perform: performer.perform,
    startMapRun: mapRunner.create,
    endAbandonedMapRuns: mapRunner.endAbandoned,
    started({ arn }) {
      const row = executions.row(arn)!;
      if (row.map_run === null) publishStatus(kernel, row);
    },
    ended(execution) {
      const row = executions.row(execution.arn)!;
      store.afterCommit(() => monitor.ended(row));
      // Those of distributed maps have no events of their own.
      if (row.map_run === null) publishStatus(kernel, row);
      else mapRunner.endChild(row);
      for (const task of tasks.waitingFor(row.arn))
        store.afterCommit(() => engine.sendLater(task.execution, childSignal(task, row)));
    },
  });

  const operations = {
    ...machineOperations(kernel, machines),
    ...activities.operations,
    ...mapRunOperations(mapRuns, mapRunner.startNext),
    ...executionOperations(kernel, machines, executions, engine, start),
    ...tokenOperations(tasks, engine),
  };
  return {
    operations,
    access(operation, input) {
      const { executionArn, mapRunArn, stateMachineArn, activityArn } = input;
      const resource = executionArn ?? mapRunArn ?? stateMachineArn ?? activityArn ?? "*";
      return [{ action: `states:${operation}`, resource }];
    },
    /** EventBridge and Scheduler start executions. */
    accept: (arn, { payload }) => void start({ stateMachineArn: arn, input: payload }),
    resume() {
      engine.resume();
      mapRunner.resume();
    },
    async stop() {
      mapRunner.stop();
      performer.stop();
      await engine.stop();
      await monitor.flush();
    },
  };
}
