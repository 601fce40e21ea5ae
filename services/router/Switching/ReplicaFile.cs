using System.Text.Json;
using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// This replica's memory: its name, its registration and the routes it served last, in <c>router/replica.json</c> of the data directory.
/// Replaced as a whole, and on disk before anything in it is acknowledged.
/// </summary>
internal sealed class ReplicaFile
{
    private readonly string _path;

    public ReplicaFile(IOptions<PlatformOptions> platform)
    {
        Directory = Path.Combine(Path.GetFullPath(platform.Value.DataDirectory), "router");
        _path = Path.Combine(Directory, "replica.json");
    }

    public string Directory { get; }

    /// <summary>Null: this data directory has not been used yet.</summary>
    public ReplicaMemory? Read()
    {
        if (!File.Exists(_path)) return null;
        return JsonSerializer.Deserialize<ReplicaMemory>(File.ReadAllBytes(_path), JsonSerializerOptions.Web);
    }

    public void Write(ReplicaMemory memory)
    {
        System.IO.Directory.CreateDirectory(Directory);
        var next = _path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, memory, JsonSerializerOptions.Web);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }
}

/// <summary>Contents of <see cref="ReplicaFile"/>.</summary>
internal sealed record ReplicaMemory
{
    public required string Name { get; init; }

    /// <summary>False after a clean stop: other replicas may have released standbys since, so reverts wait for the database.</summary>
    public bool Registered { get; init; }
    public DateTimeOffset RenewedAt { get; init; }
    public IReadOnlyList<RouteState> Routes { get; init; } = [];
}
