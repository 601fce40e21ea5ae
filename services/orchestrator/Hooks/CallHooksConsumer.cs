using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>Turns the question into work items, one for each moment: those that only listen must not wait for one that decides.</summary>
internal sealed class CallHooksConsumer(IWorkQueue<OrchestratorDbContext> work) : IConsumer<CallHooks>
{
    public async Task Consume(ConsumeContext<CallHooks> context)
    {
        var command = context.Message;
        foreach (var kind in command.Hooks.GroupBy(hook => hook.When is "event" or "post-rollout"))
        {
            // Every change of state is told once, whatever comes after it; of what decides, a newer question replaces the older.
            var subject = kind.Key
                ? $"{command.DeploymentId:N}.{command.State}.{command.Attempt}"
                : $"{command.DeploymentId:N}.{command.State}";
            await work.RequestAsync(command with { Hooks = [.. kind] }, subject, command.Attempt, context.CancellationToken);
        }
    }
}
