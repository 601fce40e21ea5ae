using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Metrics;

/// <summary>Sends a source's request, to allowed hosts only, and reads JSON numbers as monitoring systems write them.</summary>
internal sealed class MetricHttp(IHttpClientFactory clients, IOptions<MetricOptions> options, TimeProvider time)
{
    public const string HttpClient = "validator-metrics";
    private const int MostOfAnError = 200;

    /// <summary>Composes a request, sends it and reads the answer's JSON.</summary>
    /// <param name="compose">May throw where address, query or secret cannot stand in a request: that is an error of the source's, too.</param>
    /// <param name="read">May throw where the answer is not what the source's documentation says.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<MetricSample> SendAsync(
        Func<HttpRequestMessage> compose, Func<JsonElement, MetricSample> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = compose();
            var host = request.RequestUri!.Host;
            if (!options.Value.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase))
                return MetricSample.Error($"{host} is not in {MetricOptions.Section}:{nameof(MetricOptions.AllowedHosts)}");
            using var client = clients.CreateClient(HttpClient);
            client.MaxResponseContentBufferSize = options.Value.MaxAnswerBytes;
            using var response = await client.SendAsync(request, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.IsSuccessStatusCode
                ? read(JsonElement.Parse(body))
                : MetricSample.Error($"status {(int)response.StatusCode}: {Start(System.Text.Encoding.UTF8.GetString(body))}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return MetricSample.Error($"no answer within {options.Value.Timeout.TotalSeconds:0.###} s");
        }
        catch (FormatException)
        {
            // Its message may repeat a header, and that is a secret.
            return MetricSample.Error("the address, the query or the secret cannot stand in a request, or a number in the answer is none");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return MetricSample.Error(Start(failure.Message));
        }
        catch (IndexOutOfRangeException)
        {
            return MetricSample.Error("an array of the answer is too short");
        }
    }

    /// <summary>A number, a truth value (1 or 0), or a text that is a number (<c>"0.5"</c>, <c>"NaN"</c>, <c>"+Inf"</c>).</summary>
    public static MetricSample Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => MetricSample.Of(value.GetDouble()),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => MetricSample.Of(double.NaN),
            "+Inf" or "Inf" => MetricSample.Of(double.PositiveInfinity),
            "-Inf" => MetricSample.Of(double.NegativeInfinity),
            var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => MetricSample.Of(number),
            var text => MetricSample.Error($"'{text}' is not a number"),
        },
        JsonValueKind.True => MetricSample.Of(1),
        JsonValueKind.False => MetricSample.Of(0),
        JsonValueKind.Null => MetricSample.Empty("the value is null"),
        _ => MetricSample.Error($"the value is of kind {value.ValueKind}"),
    };

    private static string Start(string text) => text.Length <= MostOfAnError ? text : text[..MostOfAnError];
}
