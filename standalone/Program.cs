using BlueGreen.EnvManager;
using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;
using BlueGreen.RegistryListener;
using BlueGreen.Rollback;
using BlueGreen.Router;
using BlueGreen.Validator;

// The seven services in one process: the same code as on their own, on the embedded bus and SQLite unless configured otherwise.
await PlatformHost.RunAsync(
    args,
    new RegistryListenerService(),
    new OrchestratorService(),
    new EnvManagerService(),
    new PrewarmerService(),
    new ValidatorService(),
    new RouterService(),
    new RollbackService());
