using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Sources;
using BlueGreen.Testing.Alarms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>Every alarm source as the service registers it; certificates of SNS come from <see cref="Certificates"/>.</summary>
internal static class AllSources
{
    public static TestCertificates Certificates { get; } = new();

    public static IReadOnlyList<IAlarmSource> Every { get; } = [.. Build()];

    public static AlarmSourceOptions Options { get; } = new() { Secret = AlarmSender.Secret, TopicArns = [AlarmSender.Topic] };

    public static IAlarmSource Of(string name) => Every.Single(source => source.Name == name);

    public static WebhookRequest Request(byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new WebhookRequest { Headers = new HeaderDictionary(), Body = body, ReceivedAt = TimeProvider.System.GetUtcNow() };
        foreach (var (name, value) in headers) request.Headers[name] = value;
        return request;
    }

    private static IEnumerable<IAlarmSource> Build()
    {
        var services = new ServiceCollection();
        services.AddAlarmSources();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ISnsCertificates>(Certificates);
        return services.BuildServiceProvider().GetServices<IAlarmSource>();
    }
}
