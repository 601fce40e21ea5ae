using System.Runtime.CompilerServices;
using BlueGreen.Router.Windows;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace BlueGreen.Router.Direct;

/// <summary>Carries an answer from a connection to the client, piece by piece as it comes.</summary>
internal static class AnswerRelay
{
    private const int MostInterim = 16;

    /// <summary>What is still missing of a body this short comes with the next packet: its head waits for it.</summary>
    private const int ShortBytes = 16 * 1024;

    /// <summary>Reads the head of the answer into the connection's; interim answers (RFC 9110, 15.2) end here.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask ReadHeadAsync(UpstreamConnection connection)
    {
        for (var interim = 0; interim < MostInterim;)
        {
            if (!TryReadHead(connection))
            {
                if (!await connection.ReceiveAsync()) throw new IOException("The server closed the connection without an answer.");
            }
            else if (connection.Head.Status >= StatusCodes.Status200OK)
            {
                return;
            }
            else if (connection.Head.Status == StatusCodes.Status101SwitchingProtocols)
            {
                throw new InvalidDataException("The answer's head is wrong: nobody asked for another protocol.");
            }
            else
            {
                interim++;
            }
        }

        throw new InvalidDataException("The answer does not come to the point.");
    }

    public static void CopyHead(AnswerHead head, HttpResponse response)
    {
        response.StatusCode = head.Status;
        if (head.Reason is { } reason) response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = reason;
        var headers = response.Headers;
        foreach (var header in head.Headers)
        {
            if (header.Kind is not (HeaderKind.Copied or HeaderKind.ContentType or HeaderKind.ContentEncoding)) continue;
            var before = headers[header.Name];
            headers[header.Name] = before.Count == 0 ? header.Value : StringValues.Concat(before, header.Value);
        }

        if (head.ContentLength is { } length && head.Status != StatusCodes.Status204NoContent) headers.ContentLength = length;
        for (var i = 0; i < head.Nominated.Count; i++) headers.Remove(head.Nominated[i]);
    }

    /// <returns>True when the answer ended where the connection's next one can begin.</returns>
    /// <exception cref="IOException">The server ended it early.</exception>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public static async ValueTask<bool> CopyBodyAsync(
        UpstreamConnection connection, AnswerFraming framing, HttpResponse response, AnswerInspection? inspection, SilenceLimit limit)
    {
        using var copy = new AnswerCopy();
        while (!framing.IsComplete)
        {
            var received = connection.Received;
            var payload = framing.Take(received.Span, out var consumed);
            if (payload > 0)
            {
                var piece = received[..payload];
                connection.ExpectNothing();
                if (await response.BodyWriter.WriteAsync(piece) is { IsCompleted: true } or { IsCanceled: true }) throw new OperationCanceledException();
                // What came in one piece is looked at where it is.
                if (inspection is { } whole && framing.IsComplete && copy.IsEmpty) whole.Inspect(piece);
                else if (inspection is not null) copy.Append(piece.Span);
            }

            connection.Take(consumed);
            if (framing.IsComplete) break;
            if (!response.HasStarted && !framing.IsShort(ShortBytes)) await response.BodyWriter.FlushAsync();
            connection.Expect(limit);
            if (await connection.ReceiveAsync()) continue;
            if (!framing.EndsWithConnection) throw new IOException("The server closed the connection before the end of its answer.");
            break;
        }

        if (inspection is { } eye && !copy.IsEmpty) copy.Show(eye);
        return framing.IsComplete && connection.Received.IsEmpty;
    }

    private static bool TryReadHead(UpstreamConnection connection)
    {
        var received = connection.Received.Span;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return received.IndexOf("\n\n"u8) < 0 ? false : throw new InvalidDataException("The answer's head is wrong: a line's end.");
        connection.Head.Read(received[..(end + 2)]);
        connection.Take(end + 4);
        return true;
    }
}
