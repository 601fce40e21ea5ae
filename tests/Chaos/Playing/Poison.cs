using BlueGreen.Chaos.Waiting;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>
/// Makes env-manager's database refuse the environments of some versions: a mistake that no patience heals, so that their provisioning is
/// given up and their deployments are faulted.
/// </summary>
internal sealed class Poison(NpgsqlDataSource database, Waits waits, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);

    /// <param name="versions">What is refused from now on.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task PrepareAsync(IReadOnlyList<string> versions, CancellationToken ct)
    {
        await using var install = database.CreateCommand("""
            CREATE TABLE public.chaos_poison (version text PRIMARY KEY);
            CREATE FUNCTION public.chaos_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT 1 FROM public.chaos_poison p WHERE p.version = NEW.version) THEN
                RAISE EXCEPTION 'chaos refuses %', NEW.version;
              END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER chaos_refuse BEFORE INSERT ON env_manager.environments FOR EACH ROW EXECUTE FUNCTION public.chaos_refuse();
            """);
        await install.ExecuteNonQueryAsync(ct);
        await using var fill = database.CreateCommand("INSERT INTO public.chaos_poison SELECT unnest($1)");
        fill.Parameters.Add(new NpgsqlParameter { Value = versions.ToArray() });
        await fill.ExecuteNonQueryAsync(ct);
    }

    /// <summary>From now on the version is accepted.</summary>
    public Task CureAsync(string version, CancellationToken ct) => waits.ForAsync($"the cure of {version}", Limit, async token =>
    {
        while (!await TryCureAsync(version, token)) await Task.Delay(Retry, time, token);
    }, ct);

    private async Task<bool> TryCureAsync(string version, CancellationToken ct)
    {
        try
        {
            await using var cure = database.CreateCommand("DELETE FROM public.chaos_poison WHERE version = $1");
            cure.Parameters.Add(new NpgsqlParameter { Value = version });
            await cure.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
