namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>Turns a webhook that would be believed into one that must not be.</summary>
internal static class Forger
{
    public static SentWebhook Forge(SentWebhook good, DateTimeOffset now, Random random)
    {
        if (IsBearer(good)) return random.Next(3) == 0 ? Without(good) : With(good, SentWebhook.Signed(good.Source, good.Body, now, secret: WrongSecret(good.Source, random)));
        return random.Next(6) switch
        {
            0 => Without(good),
            1 => With(good, SentWebhook.Signed(good.Source, good.Body, now, secret: WrongSecret(good.Source, random))),
            2 => good with { Body = Tampered(good.Body, random) },
            3 => Corrupted(good, random),
            4 when HasTime(good) => With(good, SentWebhook.Signed(good.Source, good.Body, now.AddMinutes(random.Next(2) == 0 ? -6 : 6))),
            5 when HasTime(good) => Renamed(good),
            _ => good with { Body = [.. good.Body, (byte)' '] },
        };
    }

    private static bool IsBearer(SentWebhook good) => good.Source is "azureml" or "vertex" or "sagemaker" or "cloudevents" or "huggingface";

    private static bool HasTime(SentWebhook good) => good.Source is "generic" or "mlflow";

    /// <summary>Near misses: another source's secret, a prefix, a longer one, none.</summary>
    private static string WrongSecret(string source, Random random) => random.Next(4) switch
    {
        0 => SentWebhook.SecretOf("another"),
        1 => SentWebhook.SecretOf(source)[..^1],
        2 => SentWebhook.SecretOf(source) + "x",
        _ => SentWebhook.SecretOf(source).ToUpperInvariant(),
    };

    private static SentWebhook Without(SentWebhook good) => good with { Headers = new Dictionary<string, string>(), Query = "" };

    private static SentWebhook With(SentWebhook good, SentWebhook forged) => good with { Headers = forged.Headers, Query = forged.Query };

    private static byte[] Tampered(byte[] body, Random random)
    {
        if (body.Length == 0) return [(byte)'{'];
        var other = body.ToArray();
        other[random.Next(other.Length)] ^= (byte)(1 << random.Next(8));
        return other;
    }

    private static SentWebhook Corrupted(SentWebhook good, Random random)
    {
        var headers = new Dictionary<string, string>(good.Headers);
        var name = headers.Keys.First(key => key.EndsWith("Signature", StringComparison.Ordinal));
        var value = headers[name].ToCharArray();
        // Not the last digits: the end of a base64 text has bits that mean nothing.
        var at = random.Next(value.Length - 4);
        value[at] = value[at] == 'A' ? 'B' : 'A';
        headers[name] = new string(value);
        return headers[name].Equals(good.Headers[name], StringComparison.OrdinalIgnoreCase) ? Without(good) : good with { Headers = headers };
    }

    /// <summary>The signature of one delivery under the id of another.</summary>
    private static SentWebhook Renamed(SentWebhook good)
    {
        var headers = new Dictionary<string, string>(good.Headers);
        var name = headers.Keys.First(key => key.Contains("Delivery", StringComparison.Ordinal));
        headers[name] = Guid.NewGuid().ToString();
        return good with { Headers = headers };
    }
}
