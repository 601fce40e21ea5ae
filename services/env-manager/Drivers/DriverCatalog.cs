using BlueGreen.EnvManager.Environments;

namespace BlueGreen.EnvManager.Drivers;

/// <summary>The drivers of this installation by name.</summary>
internal sealed class DriverCatalog(IEnumerable<IEnvironmentDriver> drivers)
{
    public IReadOnlyList<IEnvironmentDriver> All { get; } = [.. drivers];

    public IEnvironmentDriver? Find(string name) =>
        All.FirstOrDefault(driver => string.Equals(driver.Name, name, StringComparison.Ordinal));

    /// <summary>The driver that an environment was recorded with; null when it is not configured here, or nothing was ever built.</summary>
    public IEnvironmentDriver? Of(ServingEnvironment environment) =>
        environment.Template.Length == 0 ? null : Find(environment.ReadTemplate().Driver);
}
