using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]
