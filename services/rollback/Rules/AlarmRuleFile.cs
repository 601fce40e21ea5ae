using System.Text.Json;
using BlueGreen.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Rules;

/// <summary>The rules on disk, for a start without a database. Whole files are swapped in, so a crash leaves the old one or the new one.</summary>
internal sealed class AlarmRuleFile(IOptions<PlatformOptions> platform, ILogger<AlarmRuleFile> log)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _path = Path.Combine(Path.GetFullPath(platform.Value.DataDirectory), "rollback", "alarm-rules.json");

    /// <summary>Nothing when there is no file, or none that can be read: that is logged.</summary>
    public IReadOnlyList<EndpointRules> Load()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<List<EndpointRules>>(File.ReadAllBytes(_path), Json) ?? [] : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            log.RuleFileUnreadable(_path, unreadable);
            return [];
        }
    }

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the disk does not take it.</summary>
    public async Task SaveAsync(IEnumerable<EndpointRules> rules, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var partial = $"{_path}.partial";
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, rules, Json, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, _path, overwrite: true);
    }
}
