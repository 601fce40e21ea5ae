using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Tests.Fixture;

public sealed record Greeting(string Text);

public sealed record Dig(string Place, int Depth);

public sealed record Dug(string Place, int Depth, bool GaveUp);

/// <summary>What a test lets the sample do.</summary>
internal sealed class Script
{
    public ConcurrentDictionary<string, int> Calls { get; } = new();
    public Func<Dig, IWorkLease, CancellationToken, Task> Digging { get; set; } = (_, _, _) => Task.CompletedTask;
    public Func<Greeting, int, Task> Greeting { get; set; } = (_, _) => Task.CompletedTask;
    public ConcurrentQueue<MessageFaulted> Faults { get; } = new();
    public int Call(string name) => Calls.AddOrUpdate(name, 1, (_, count) => count + 1);
}

internal sealed class GreetingConsumer(SampleDbContext db, Script script, TimeProvider clock) : IConsumer<Greeting>
{
    public async Task Consume(ConsumeContext<Greeting> context)
    {
        if (WorkTimeHeader.Read(context) is not null) script.Call("greeting-with-work-time");
        await script.Greeting(context.Message, script.Call("greeting"));
        db.Effects.Add(new Effect { Id = Guid.NewGuid(), Kind = "greeted", Subject = context.Message.Text, At = clock.GetUtcNow() });
        if (context.Message.Text == "chain") await context.Publish(new Greeting("chained"));
    }
}

internal sealed class DigConsumer(IWorkQueue<SampleDbContext> work) : IConsumer<Dig>
{
    public Task Consume(ConsumeContext<Dig> context) =>
        work.RequestAsync(context.Message, context.Message.Place, context.Message.Depth, context.CancellationToken);
}

internal sealed class DugConsumer(SampleDbContext db, Script script, TimeProvider clock) : IConsumer<Dug>
{
    public async Task Consume(ConsumeContext<Dug> context)
    {
        if (WorkTimeHeader.Read(context) is not null) script.Call("dug-with-work-time");
        db.Effects.Add(new Effect
        {
            Id = Guid.NewGuid(),
            Kind = context.Message.GaveUp ? "gave-up" : $"dug-{context.Message.Depth}",
            Subject = context.Message.Place,
            At = clock.GetUtcNow(),
        });
        if (context.Message.Place == "announced") await context.Publish(new Greeting("dug"));
    }
}

internal sealed class DigHandler(Script script) : IWorkHandler<Dig>
{
    public async Task<WorkOutcome> RunAsync(Dig command, IWorkLease lease, CancellationToken cancellationToken)
    {
        script.Call($"dig-{command.Place}-{command.Depth}");
        await script.Digging(command, lease, cancellationToken);
        return WorkOutcome.Publish(new Dug(command.Place, command.Depth, false));
    }

    public WorkOutcome GiveUp(Dig command, string reason) => WorkOutcome.Publish(new Dug(command.Place, command.Depth, true));
}

internal sealed class FaultConsumer(Script script) : IConsumer<MessageFaulted>
{
    public Task Consume(ConsumeContext<MessageFaulted> context)
    {
        script.Faults.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

internal sealed class SampleService(Script script) : IPlatformService
{
    public string Name => "sample";

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<SampleDbContext>(Name);
        builder.AddWork<SampleDbContext, Dig, DigHandler>();
        builder.Services.AddSingleton(script);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<GreetingConsumer, SampleDbContext>();
        bus.AddDurableConsumer<DigConsumer, SampleDbContext>();
        bus.AddDurableConsumer<DugConsumer, SampleDbContext>();
        bus.AddDurableConsumer<FaultConsumer, SampleDbContext>();
        bus.AddDurableSaga<OrderStateMachine, Order, SampleDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
