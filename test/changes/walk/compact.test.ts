import { testFieldChanges } from '../../support/field-change-rules';

testFieldChanges('compact');
