namespace BlueGreen.Testing.Processes;

/// <summary>Where one service finds what it needs.</summary>
/// <param name="Database">Npgsql connection string.</param>
/// <param name="Broker">AMQP address with credentials and virtual host.</param>
internal sealed record ServiceBackends(string Database, string Broker);
