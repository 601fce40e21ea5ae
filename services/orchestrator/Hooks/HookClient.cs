using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Webhooks;
using Microsoft.Extensions.Options;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>
/// Calls one hook once. <c>X-BlueGreen-Signature</c> is <c>sha256=</c> and the hexadecimal HMAC-SHA256 over <c>{X-BlueGreen-Delivery}.{X-BlueGreen-Timestamp}.{raw body}</c>;
/// the delivery is the same however often the same question is asked.
/// </summary>
internal sealed class HookClient(IHttpClientFactory clients, IOptionsMonitor<HookOptions> options, TimeProvider clock)
{
    public const string ClientName = "hooks";
    private const int MaxAnswer = 64 * 1024;
    private const int MaxReason = 500;

    public async Task<HookAnswer> CallAsync(CallHooks command, Hook hook, CancellationToken cancellationToken)
    {
        if (!options.CurrentValue.Allows(hook.Url)) return None($"{hook.Url.GetLeftPart(UriPartial.Authority)} is not in {HookOptions.Section}:Origins");
        if (hook.SecretRef is { } name && !options.CurrentValue.Secrets.ContainsKey(name)) return None($"{HookOptions.Section}:Secrets:{name} is not set");
        using var limit = new CancellationTokenSource(hook.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = Request(command, hook);
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await AnswerAsync(response, either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return None(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return None($"no answer within {hook.Timeout.TotalSeconds:0.#} s");
        }
    }

    private HttpRequestMessage Request(CallHooks command, Hook hook)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(HookCall.Of(command, hook), JsonSerializerOptions.Web);
        var delivery = $"{command.DeploymentId:N}.{hook.Name}.{command.State}.{command.Attempt}";
        var stamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-BlueGreen-Delivery", delivery);
        request.Headers.Add("X-BlueGreen-Timestamp", stamp);
        if (hook.SecretRef is { } name)
        {
            var signature = WebhookSignature.Compute(options.CurrentValue.Secrets[name], $"{delivery}.{stamp}.", body);
            request.Headers.Add("X-BlueGreen-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
        }

        return request;
    }

    private static async Task<HookAnswer> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 425 or 429 or >= 500 or < 200 or (>= 300 and < 400)) return None($"answered {status}");
        var (verdict, reason) = await BodyAsync(response, cancellationToken);
        var said = reason is null ? $"answered {status}" : $"answered {status}: {reason}";
        if (status >= 400) return new HookAnswer(HookVerdict.Failed, said);
        return new HookAnswer(verdict ?? (response.StatusCode == HttpStatusCode.Accepted ? HookVerdict.Pending : HookVerdict.Passed), said);
    }

    private static async Task<(HookVerdict? Verdict, string? Reason)> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, MaxAnswer, throwOnEndOfStream: false, cancellationToken);
        var fields = JsonFields.Read(buffer.AsMemory(0, length));
        if (fields.Problem is not null) return (null, null);
        HookVerdict? verdict = fields.LooseText("verdict") switch
        {
            "passed" or "approved" => HookVerdict.Passed,
            "failed" or "rejected" => HookVerdict.Failed,
            "pending" => HookVerdict.Pending,
            _ => null,
        };
        return (verdict, fields.LooseText("reason") is { } reason ? reason[..Math.Min(reason.Length, MaxReason)] : null);
    }

    private static HookAnswer None(string why) => new(HookVerdict.NoAnswer, why);
}
