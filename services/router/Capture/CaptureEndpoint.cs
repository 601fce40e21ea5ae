using System.Security.Claims;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Capture;

/// <summary>One captured request.</summary>
internal sealed record CaptureResponse
{
    public required DateTimeOffset At { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Path { get; init; }
    public required string MediaType { get; init; }

    /// <summary>The body that was sent, redacted.</summary>
    public required string Request { get; init; }
    public required int Status { get; init; }

    /// <summary>The body that was answered, redacted; null when it could not be read in passing.</summary>
    public string? Answer { get; init; }

    /// <summary>True when it is kept for a quarantined environment.</summary>
    public required bool Pinned { get; init; }
}

/// <summary><c>GET /routes/{endpoint}/captures</c>: newest first. That they were read is recorded before they are handed out.</summary>
internal static class CaptureEndpoint
{
    private const int Most = 10_000;
    private const int Longest = 200;

    public static async Task<IResult> GetAsync(
        string endpoint, Guid? environment, int? count, string? purpose, string? readBy, ClaimsPrincipal user,
        IServiceStore<RouterDbContext> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (count is < 1 or > Most) return ProblemResults.Invalid(422, "count", $"'count' must be from 1 to {Most}.");
        if (purpose?.Length > Longest || readBy?.Length > Longest)
            return ProblemResults.Invalid(422, purpose?.Length > Longest ? "purpose" : "readBy", $"This must be {Longest} characters at most.");
        var now = clock.GetUtcNow();
        var found = await store.WriteAsync(async (transaction, token) =>
        {
            var rows = await transaction.Db.Captures.AsNoTracking()
                .Where(row => row.Endpoint == endpoint && row.ExpiresAt > now && (environment == null || row.EnvironmentId == environment))
                .OrderByDescending(row => row.At).Take(count ?? 100).ToListAsync(token);
            await transaction.PublishAsync(new CapturesRead
            {
                Endpoint = endpoint,
                ReadBy = readBy ?? user.Identity?.Name ?? "operator",
                Purpose = purpose ?? "not said",
                Count = rows.Count,
                EnvironmentId = environment,
                At = now,
            }, token);
            return rows;
        }, cancellationToken);
        return TypedResults.Ok(found.Select(View).ToArray());
    }

    private static CaptureResponse View(CaptureRow row) => new()
    {
        At = row.At,
        EnvironmentId = row.EnvironmentId,
        Path = row.Path,
        MediaType = row.MediaType,
        Request = row.Request,
        Status = row.Status,
        Answer = row.Answer,
        Pinned = row.Pinned,
    };
}
