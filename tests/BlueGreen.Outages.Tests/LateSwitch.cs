using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Chaos.Taps;

namespace BlueGreen.Outages.Tests;

/// <summary>A <c>SwitchTraffic</c> that comes when it is all over: as the saga sent it, but never seen before.</summary>
internal static class LateSwitch
{
    private const string Switch = "BlueGreen.Contracts:SwitchTraffic";
    // The receipt of the switch that was made and taken back, or a refusal: what counts is that the router has dealt with it.
    private static readonly string[] Answers = ["BlueGreen.Contracts:TrafficSwitched", "BlueGreen.Contracts:SwitchingFailed"];
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Sends it and waits until the router has answered it.</summary>
    public static async Task SendAndAwaitAnswerAsync(MessageTap tap, Guid deployment, CancellationToken ct)
    {
        var original = tap.Since(0, [Switch]).First(message => IsOf(message, deployment));
        var envelope = JsonNode.Parse(original.Body)!.AsObject();
        envelope["messageId"] = Guid.NewGuid().ToString();
        var command = envelope["message"]!.AsObject();
        command["attempt"] = command["attempt"]!.GetValue<int>() + 1;
        var properties = new RabbitMQ.Client.BasicProperties(original.Properties) { MessageId = envelope["messageId"]!.GetValue<string>() };
        var position = tap.Count;
        await tap.RepublishAsync([original with { Properties = properties, Body = Encoding.UTF8.GetBytes(envelope.ToJsonString()) }], ct);
        while (!tap.Since(position, Answers).Any(message => IsOf(message, deployment)))
            await Task.Delay(Poll, TimeProvider.System, ct);
    }

    private static bool IsOf(MessageTap.Captured message, Guid deployment) =>
        JsonElement.Parse(message.Body).GetProperty("message").GetProperty("deploymentId").GetGuid() == deployment;
}
