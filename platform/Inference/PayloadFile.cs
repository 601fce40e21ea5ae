namespace BlueGreen.Platform.Inference;

/// <summary>A <c>.jsonl</c> file of inference requests: one per line, empty lines do not count.</summary>
public static class PayloadFile
{
    /// <summary>Reads the file for one protocol.</summary>
    /// <param name="content">The file's bytes, UTF-8 with or without byte order mark.</param>
    /// <param name="name">Its name, for error messages.</param>
    /// <param name="protocol">Who can read a line.</param>
    /// <returns>The requests in order; or none, and the first line that is not a request with what is wrong with it.</returns>
    public static PayloadFileReading Read(ReadOnlyMemory<byte> content, string name, IInferenceProtocol protocol)
    {
        var rest = content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
        var payloads = new List<InferencePayload>();
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = line.Trim(" \t\r"u8);
            if (line.IsEmpty) continue;
            var reading = protocol.ReadPayload(line);
            if (reading.Payload is null) return new([], $"{name}, line {number}: {reading.Error}");
            payloads.Add(reading.Payload);
        }

        return payloads.Count == 0 ? new([], $"{name} holds no requests") : new(payloads, null);
    }
}

/// <summary>The outcome of <see cref="PayloadFile.Read"/>.</summary>
/// <param name="Payloads">Empty when there is an error.</param>
/// <param name="Error">File, line and fault; null when the file is good.</param>
public sealed record PayloadFileReading(IReadOnlyList<InferencePayload> Payloads, string? Error);
