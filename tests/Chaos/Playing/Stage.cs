using BlueGreen.Chaos.Faults;
using BlueGreen.Chaos.Proxies;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Playing;

/// <summary>A seed's platform, up and configured.</summary>
internal sealed record Stage(
    ChaosScript Script, string Database, string Broker, string Folder, PlatformProcesses Platform, ServiceControl Services, ServiceLines Lines,
    RunClock Clock, double ReadyAfter);
