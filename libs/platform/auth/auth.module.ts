import { type DynamicModule, Injectable, Module, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RateLimit } from '../http/rate-limit';
import { type Access, AuthGuard, accessKey } from './auth.guard';
import { TokenVerifier } from './token-verifier';

/** Keeps the server from starting while a route says nothing about who may use it: forgetting must not open a door. */
@Injectable()
class EveryRouteSaysWho implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype ? this.silentRoutes(metatype) : []));
    if (silent.length) throw new Error(`these routes need @Allow(…) or @Public(): ${silent.join(', ')}`);
  }

  private silentRoutes(controller: Function): string[] {
    const prototype: object = controller.prototype;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler: unknown = Reflect.get(prototype, name);
      if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [handler, controller]);
      if (access === 'public' || access?.length) return [];
      const method: RequestMethod = Reflect.getMetadata(METHOD_METADATA, handler);
      return [`${controller.name}.${name} (${RequestMethod[method]})`];
    });
  }
}

/** Guards every route of the application. */
@Module({})
export class AuthModule {
  static with(verifier: TokenVerifier, rateLimit: RateLimit): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        EveryRouteSaysWho,
        { provide: TokenVerifier, useValue: verifier },
        { provide: RateLimit, useValue: rateLimit },
        { provide: APP_GUARD, useClass: AuthGuard },
      ],
      // An answer without end has to look at its token again.
      exports: [TokenVerifier],
    };
  }
}
