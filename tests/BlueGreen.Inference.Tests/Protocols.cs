using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Inference.Tests;

/// <summary>The protocols as services get them, for one test.</summary>
internal sealed class Protocols : IDisposable
{
    private readonly ServiceProvider _services;

    public Protocols(TimeSpan? timeout = null) => _services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddInference()
        .Configure<InferenceOptions>(options => options.RequestTimeout = timeout ?? TimeSpan.FromSeconds(30))
        .BuildServiceProvider();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IInferenceProtocol Of(string name, InferenceSettings? settings = null) =>
        _services.GetRequiredService<IInferenceProtocols>().Find(name, settings)!;

    public Task<InferenceReply> InferAsync(string name, Uri address, string payload, InferenceSettings? settings = null)
    {
        var protocol = Of(name, settings);
        var reading = protocol.ReadPayload(Encoding.UTF8.GetBytes(payload));
        Assert.True(reading.Payload is not null, reading.Error);
        return protocol.InferAsync(new(address, "fraud"), reading.Payload, Token);
    }

    public Task<ReplicaReadiness> ProbeAsync(string name, Uri address, InferenceSettings? settings = null) =>
        Of(name, settings).ProbeAsync(new(address, "fraud"), Token);

    public Task<InferencePayload?> SynthesizeAsync(string name, Uri address) => Of(name).SynthesizeAsync(new(address, "fraud"), Token);

    public void Dispose() => _services.Dispose();
}
