import { testPackage } from '@gradis/tooling/testing';

testPackage(import.meta.url);
