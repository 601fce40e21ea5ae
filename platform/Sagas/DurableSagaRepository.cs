using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Sagas;

/// <summary>Tells MassTransit to keep a saga in a service's own context.</summary>
internal static class DurableSagaRepository
{
    public static void Use<TSaga, TDb>(ISagaRegistrationConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
        where TDb : ServiceDbContext =>
        configurator.Repository(repository =>
        {
            repository.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>,
                SagaRepositoryFactory<TSaga, TDb>>();
            repository.RegisterLoadSagaRepository<TSaga, SagaRepositoryFactory<TSaga, TDb>>();
            repository.RegisterQuerySagaRepository<TSaga, SagaRepositoryFactory<TSaga, TDb>>();
        });
}
